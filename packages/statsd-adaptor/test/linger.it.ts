import { eventually } from '@pod-patterns/kit/testing/eventually';
import { describe, expect, it } from 'vitest';
import type { Status } from '../src/expose/status.ts';
import { RunningAdaptor, runAdaptor } from '../testing/running.ts';

describe('a shutdown with --linger', () => {
  it('waits for one more scrape, which includes samples received meanwhile', async () => {
    await using adaptor = await RunningAdaptor.start(['--linger=60s', '--shutdown-timeout=65s']);
    adaptor.program.process.kill('SIGTERM');
    await adaptor.program.waitForLog('lingering until the next scrape');
    expect((await fetch(`${adaptor.url}/-/ready`)).status).toBe(503);
    await adaptor.send('last:1|c');
    // a scrape would be the last
    const lines = async () => {
      const status = (await (await fetch(`${adaptor.url}/status`)).json()) as Status; // its own form
      return status.linesTotal;
    };
    await eventually(async () => (await lines()) === 1);
    expect(await adaptor.value('last')).toBe(1);
    expect(await adaptor.program.ended).toEqual({ code: 0, signal: null });
    expect(await adaptor.program.waitForLog('scraped before shutdown')).toBeDefined();
  });

  it('ends after its time limit without a scrape, and logs the loss', async () => {
    await using adaptor = await RunningAdaptor.start(['--linger=100ms']);
    expect(await adaptor.program.stop()).toEqual({ code: 0, signal: null });
    const { msg } = adaptor.program.log.find(({ level }) => level === 'warn') ?? {};
    expect(msg).toBe('not scraped before shutdown: counts since the last scrape are lost');
  });

  it('is refused unless --shutdown-timeout is longer', async () => {
    await using program = runAdaptor(['--linger=20s']);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr).toEqual([
      expect.stringContaining('--linger: expected less than --shutdown-timeout (20000 ms)'),
    ]);
  });
});
