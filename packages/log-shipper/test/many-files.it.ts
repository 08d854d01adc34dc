import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric } from './support/admin.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, argsOf, entry, started, startShipper } from './support/shipper.ts';

/** Writes `count` files of one line each into ten folders. */
function folderOf(count: number) {
  const dir = tempDir();
  for (let index = 0; index < count; index++) {
    const folder = dir.file(`log/${index % 10}`);
    if (index < 10) mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${index}.log`, `line ${index}\n`);
  }
  return {
    flags: { paths: dir.file('log/*/*.log'), 'state-dir': dir.file('state') },
    state: dir.file('state'),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

describe.concurrent('many files', () => {
  it('are shipped from the first on, while the shipper is still finding the others', async () => {
    const count = 5000;
    using files = folderOf(count);
    await using receiver = await Receiver.start();
    await using shipper = startShipper({ ...files.flags, sink: receiver.url });
    await receiver.received(1);
    expect(shipper.log.map(({ msg }) => msg)).not.toContain('started');
    await receiver.received(count);
    expect(new Set(receiver.records.map(({ message }) => message)).size).toBe(count);
    await started(shipper);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    await using again = await started(startShipper({ ...files.flags, sink: receiver.url }));
    expect(await again.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.records).toHaveLength(count);
  });

  it('take turns if the system allows too few open files, with a warning; checkpoint and probes keep working', async () => {
    const count = 600;
    using files = folderOf(count);
    await using receiver = await Receiver.start();
    const args = argsOf({ ...files.flags, sink: receiver.url });
    await using shipper = new RunningProgram(
      'prlimit',
      ['--nofile=128:128', process.execPath, entry, ...args],
      { LOG_FORMAT: 'json' },
    );
    await receiver.received(count);
    await shipper.waitForLog('open file limit reached, opening files in turn');
    const admin = await adminUrl(shipper);
    expect((await fetch(`${admin}/livez`)).status).toBe(200);
    expect(await metric(admin, 'log_shipper_errors_total')).toBe(0);
    expect(await metric(admin, 'process_open_fds')).toBeLessThan(128);
    expect(readdirSync(files.state)).toEqual(['checkpoint']);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    await using again = await started(startShipper({ ...files.flags, sink: receiver.url }));
    expect(await again.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.records).toHaveLength(count);
  });
});
