/** A hundred glob rules; half of them match the sent lines. */
export const mapping = `mappings:\n${Array.from({ length: 100 }, (_, at) => rule(at)).join('')}`;

function rule(at: number): string {
  return `- match: "app.http.*.handler${at}"
  name: "http_\${1}_handler"
  labels: { handler: "${at}" }
`;
}
