/** The answers to a client's page views. */
export interface Acknowledged {
  /** Request ids with the answer 200: the view is counted in Redis. */
  readonly counted: string[];
  /** Request ids with a 503 problem: counted in StatsD and the log only. */
  readonly uncounted: string[];
}

/** Makes `count` page views, some at a time, each with its own request id. Any other answer is an error. */
export async function makePageViews(
  url: string,
  { page, count, concurrency = 8 }: { page: string; count: number; concurrency?: number },
): Promise<Acknowledged> {
  const acknowledged: Acknowledged = { counted: [], uncounted: [] };
  let next = 0;
  const client = async () => {
    while (next < count) {
      const id = `${page}-${next++}`;
      const answer = await fetch(`${url}/api/views/${page}`, {
        method: 'POST',
        headers: { 'x-request-id': id },
      });
      await answer.arrayBuffer();
      if (answer.status === 200) acknowledged.counted.push(id);
      else if (answer.status === 503) acknowledged.uncounted.push(id);
      else throw new Error(`page view ${id}: ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return acknowledged;
}

/** The value of a counter of an exposition, summed over the series that have all these labels. */
export function counterValue(
  exposition: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return exposition
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
