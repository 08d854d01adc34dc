import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { account, lines, perfect } from './support/lines.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, started, startShipper, startUnprivileged } from './support/shipper.ts';
import { fill, mounting, smallDisk } from './support/small-disk.ts';

async function scene() {
  const dir = tempDir();
  const receiver = await Receiver.start();
  const log = dir.file('app.log');
  writeFileSync(log, lines(0, 100));
  const state = dir.file('state');
  return {
    ...{ dir, receiver, log, state, checkpoint: join(state, 'checkpoint') },
    start: (stateDir = state) =>
      started(startShipper({ paths: log, sink: receiver.url, 'state-dir': stateDir })),
    async [Symbol.asyncDispose]() {
      await receiver[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

describe.concurrent('the checkpoint', () => {
  it.each<[string, (path: string) => void]>([
    ['replaced by garbage', (path) => writeFileSync(path, '\0garbage\n'.repeat(100))],
    ['emptied', (path) => truncateSync(path)],
    ['cut in half', (path) => truncateSync(path, readFileSync(path).length >> 1)],
  ])('%s is set aside and logged; everything is read again', async (_, spoil) => {
    await using at = await scene();
    await using first = await at.start();
    await at.receiver.received(100);
    await first.stop();
    spoil(at.checkpoint);
    appendFileSync(at.log, lines(100, 200));
    await using second = await at.start();
    await at.receiver.received(300);
    await second.waitForLog('checkpoint unreadable, reading all files again');
    expect(readdirSync(at.state).filter((name) => name.startsWith('checkpoint.corrupt-'))).toHaveLength(1);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 200)).toEqual({ ...perfect, twice: 100 });
  });

  it('torn at its end loses at most the torn entries', async () => {
    await using at = await scene();
    await using first = await at.start();
    await at.receiver.received(100);
    await eventually(() => readFileSync(at.checkpoint, 'utf8').includes('moves'));
    await first.stop('SIGKILL');
    truncateSync(at.checkpoint, readFileSync(at.checkpoint).length - 3);
    appendFileSync(at.log, lines(100, 200));
    await using second = await at.start();
    await at.receiver.received(300);
    await second.stop();
    expect(account(at.receiver.records, 0, 200)).toEqual({ ...perfect, twice: 100 });
  });

  it('stays small while the app writes, and shrinks at a stop', async () => {
    await using at = await scene();
    await using shipper = await at.start();
    for (let round = 1; round < 30; round++) {
      appendFileSync(at.log, lines(round * 100, (round + 1) * 100));
      await at.receiver.received((round + 1) * 100);
    }
    expect(readFileSync(at.checkpoint).length).toBeLessThan(300_000);
    await shipper.stop();
    expect(readFileSync(at.checkpoint).length).toBeLessThan(1000);
  });

  it(
    'on a full disk causes a warning; shipping continues, and it is written when there is room again',
    needs(mounting),
    async () => {
      await using at = await scene();
      using disk = smallDisk(64);
      const filler = fill(disk.path);
      const state = join(disk.path, 'state');
      await using shipper = await at.start(state);
      await at.receiver.received(100);
      await shipper.waitForLog('checkpoint failing');
      const admin = await adminUrl(shipper);
      expect((await status(admin)).checkpoint).toBe('failing');
      expect(await metric(admin, 'log_shipper_errors_total', { reason: 'checkpoint_write' })).toBeGreaterThan(
        0,
      );
      appendFileSync(at.log, lines(100, 200));
      await at.receiver.received(200);
      rmSync(filler);
      await shipper.waitForLog('checkpoint recovered');
      await shipper.stop('SIGKILL');
      await using second = await at.start(state);
      appendFileSync(at.log, lines(200, 300));
      await at.receiver.received(300);
      await second.stop();
      expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
    },
  );

  it('in a folder that cannot be created causes a warning; shipping continues', async () => {
    await using at = await scene();
    writeFileSync(at.dir.file('a-file'), '');
    await using shipper = await at.start(at.dir.file('a-file/state'));
    await at.receiver.received(100);
    await shipper.waitForLog('checkpoint failing');
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 100)).toEqual(perfect);
  });
});

describe.concurrent('folders and files', () => {
  it('that do not exist yet are found when they appear; the shipper is ready before', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    const folder = dir.file('not/yet');
    await using shipper = await started(
      startShipper({ paths: `${folder}/*.log`, sink: receiver.url, 'state-dir': dir.file('state') }),
    );
    await shipper.waitForLog('cannot read');
    const admin = await adminUrl(shipper);
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.log'), lines(0, 10));
    await receiver.received(10);
    await shipper.waitForLog('readable again');
  });

  it('without read permission are logged and counted; the others are shipped', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    mkdirSync(dir.file('log'));
    writeFileSync(dir.file('log/closed.log'), lines(0, 10));
    writeFileSync(dir.file('log/open.log'), lines(0, 10));
    chmodSync(dir.file('log/closed.log'), 0);
    const flags = { paths: dir.file('log/*.log'), sink: receiver.url, 'state-dir': dir.file('state') };
    chmodSync(dir.path, 0o777);
    await using shipper = startUnprivileged(flags);
    await shipper.waitForLog('cannot read', { where: ({ path }) => path === dir.file('log/closed.log') });
    await receiver.received(10);
    const admin = await adminUrl(shipper);
    expect(await metric(admin, 'log_shipper_files', { state: 'unreadable' })).toBe(1);
    chmodSync(dir.file('log/closed.log'), 0o644);
    await receiver.received(20);
    expect(existsSync(dir.file('state/checkpoint'))).toBe(true);
  });

  it('that are compressed are ignored and counted', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    writeFileSync(dir.file('app.log'), lines(0, 10));
    writeFileSync(dir.file('app.log.2'), lines(0, 500));
    execFileSync('gzip', [dir.file('app.log.2')]);
    await using shipper = await started(
      startShipper({ paths: dir.file('app.log*'), sink: receiver.url, 'state-dir': dir.file('state') }),
    );
    await receiver.received(10);
    expect(await metric(await adminUrl(shipper), 'log_shipper_files', { state: 'ignored' })).toBe(1);
    await shipper.stop();
    expect(account(receiver.records, 0, 10)).toEqual(perfect);
  });
});
