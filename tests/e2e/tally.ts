/** Results of the sender's requests. */
export interface Tally {
  readonly requests: number;
  /** Request ids of the answers with status 200. */
  readonly acknowledged: readonly string[];
  /** Number of answers by other status or error. */
  readonly others: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

/**
 * Reads the lines of sender.mjs: `200 3 id`, `503 1 id`, `error 0 ECONNREFUSED`, and at its end `done`.
 * @throws Error if the last line is missing, because some results may be missing too
 */
export function tallyOf(output: string): Tally {
  const lines = output.split('\n').filter((line) => line !== '');
  if (lines.at(-1) !== 'done')
    throw new Error(`the sender did not end with "done": ${lines.slice(-3).join(' / ')}`);
  const answers = lines.slice(0, -1).map((line) => line.split(' '));
  const others = new Map<string, number>();
  for (const [status = '', , last = ''] of answers) {
    const name = status === 'error' ? last : status;
    if (name !== '200') others.set(name, (others.get(name) ?? 0) + 1);
  }
  return {
    requests: answers.length,
    acknowledged: answers.flatMap(([status, , id]) => (status === '200' && id !== undefined ? [id] : [])),
    others,
    slowestMs: Math.max(0, ...answers.map(([, milliseconds]) => Number(milliseconds))),
  };
}

/** `1,200 requests, 0 failed` or `1,200 requests, 3 failed (503: 2, ECONNRESET: 1)`. */
export function describeTally({ requests, others }: Tally): string {
  const failed = [...others.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...others].map(([name, count]) => `${name}: ${count}`).join(', ');
  return `${requests.toLocaleString('en')} requests, ${failed} failed${failed === 0 ? '' : ` (${reasons})`}`;
}
