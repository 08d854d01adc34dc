import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LimitedContainer } from './limited.ts';
import { holdMany } from './send.ts';

const port = 8090;
const adminPort = 8091;
const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** Each flood opens many connections, requests as much as it can, and reads nothing. */
const floods: ReadonlyArray<readonly [name: string, connections: number, text: string]> = [
  ['connections that send nothing', 3000, ''],
  ['headers that do not end', 2000, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'h'.repeat(15_000)}`],
  ['pages that are not read', 2000, get('/').repeat(50)],
  ['pictures that are not read', 2000, get('/picture')],
];

describe('the container of pod-page, with the memory of its manifest', () => {
  let page: LimitedContainer;
  beforeEach(async () => {
    // it shows itself, four times
    const containers = ['a', 'b', 'c', 'd'].map(
      (name) => `--container=${name}=http://127.0.0.1:${adminPort}`,
    );
    const args = [`--listen=:${port}`, ...containers];
    page = await LimitedContainer.start({ image: 'pod-page', memoryMiB: 96, adminPort, args });
  });
  afterEach(() => page[Symbol.dispose]());

  const workingSetMiB = async () =>
    (await page.metric('pod_page_container_memory_bytes{kind="working set"}')) / 2 ** 20;

  it('takes 35 MiB at most, with 100 pages open', async () => {
    using _open = await holdMany({ host: page.address, port, count: 100, text: () => get('/picture') });
    await eventually(async () => (await workingSetMiB()) > 0);
    let most = 0;
    for (let second = 0; second < 20; second++) {
      most = Math.max(most, await workingSetMiB());
      await delay(1000);
    }
    console.log(`100 pages: ${most.toFixed(1)} MiB at most`);
    expect(most).toBeLessThanOrEqual(35);
  });

  it.each(floods)('survives a flood of %s (%d)', async (name, count, text) => {
    const before = page.fate;
    const held = holdMany({ host: page.address, port, count, text: () => text });
    const answers = await page.liveDuring(held);
    console.log(`${name}: peak ${page.peakMiB} MiB`);
    (await held)[Symbol.dispose]();
    const url = `http://${page.address}:${port}/api/pod`;
    // under a name other than localhost it refuses, but it answers
    await eventually(async () => (await fetch(url)).status === 403);
    expect(answers).toBeGreaterThan(0);
    expect(page.fate).toEqual(before);
  });
});
