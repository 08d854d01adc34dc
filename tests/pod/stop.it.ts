import { Agent, request } from 'node:http';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { expect, it } from 'vitest';
import { Pod } from './pod.ts';

/** What a client on one kept connection has seen until the server said `Connection: close`. */
interface Seen {
  readonly acknowledged: string[];
  readonly failed: string[];
}

/** Makes page views on one connection until the server closes it, as a client behind a Service does before it turns to another pod. */
async function viewUntilClosed(url: string, client: number): Promise<Seen> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen: Seen = { acknowledged: [], failed: [] };
  for (let next = 0; ; next++) {
    const id = `stop-${client}-${next}`;
    const answer = await view(url, id, agent).catch(() => undefined);
    if (answer === undefined || answer.status !== 200) seen.failed.push(id);
    else seen.acknowledged.push(id);
    if (answer === undefined || answer.isLast) return seen;
  }
}

function view(
  url: string,
  id: string,
  agent: Agent,
): Promise<{ status: number | undefined; isLast: boolean }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-request-id': id };
    const sent = request(`${url}/api/views/stop`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        resolve({ status: response.statusCode, isLast: response.headers.connection === 'close' });
      });
    });
    sent.on('error', reject).end();
  });
}

it('a stop under load fails no request and loses no line', needs(redisServer), async () => {
  using pod = new Pod();
  expect(pod.up()).toMatchObject({ status: 0 });
  const { url } = pod.state;
  const clients = Array.from({ length: 16 }, (_, client) => viewUntilClosed(url, client));
  await eventually(() => pod.shipped().length > 500);
  const stopped = pod.downWhileRunning();
  const seen = await Promise.all(clients);
  expect(await stopped).toBe(0);
  const acknowledged = seen.flatMap((each) => each.acknowledged);
  expect(seen.flatMap((each) => each.failed)).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(500);
  const shipped = pod.shipped().flatMap((record) => (record['page'] === 'stop' ? [record['id']] : []));
  expect(shipped.sort()).toEqual(acknowledged.sort());
});
