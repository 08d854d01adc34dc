import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { account, lines, perfect } from './support/lines.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, started } from './support/shipper.ts';

const bundle = join(import.meta.dirname, '../dist/log-shipper.js');

/** A volume with a log, a pipe, and a link to a secret outside the volume. */
async function scene() {
  const dir = tempDir();
  const receiver = await Receiver.start();
  mkdirSync(dir.file('log'));
  writeFileSync(dir.file('token'), 'eyJ-secret\n');
  writeFileSync(dir.file('log/app.log'), lines(0, 10));
  symlinkSync('../token', dir.file('log/link.log'));
  execFileSync('mkfifo', [dir.file('log/pipe.log')]);
  const start = (...more: string[]) => {
    const args = [
      `--paths=${dir.file('log/*.log')}`,
      `--sink=${receiver.url}`,
      `--state-dir=${dir.file('state')}`,
    ];
    return started(
      new RunningProgram(process.execPath, [bundle, ...args, '--admin-listen=127.0.0.1:0', ...more], {
        LOG_FORMAT: 'json',
      }),
    );
  };
  return {
    ...{ dir, receiver, start },
    async [Symbol.asyncDispose]() {
      await receiver[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

describe.concurrent('a link to a secret in the volume', () => {
  it('is refused, logged, counted and listed in the status, also after a restart; the log beside it is shipped', async () => {
    await using at = await scene();
    for (const round of [1, 2]) {
      await using shipper = await at.start();
      await shipper.waitForLog('refused to read', {
        where: ({ path }) => path === at.dir.file('log/link.log'),
      });
      appendFileSync(at.dir.file('log/app.log'), lines(round * 10, round * 10 + 10));
      await at.receiver.received(round * 10 + 10);
      const admin = await adminUrl(shipper);
      expect(await metric(admin, 'log_shipper_errors_total', { reason: 'link_outside' })).toBe(1);
      expect(await metric(admin, 'log_shipper_files', { state: 'refused' })).toBe(1);
      expect(await metric(admin, 'log_shipper_files', { state: 'unreadable' })).toBe(0);
      expect(await status(admin)).toMatchObject({
        problems: { [at.dir.file('log/link.log')]: 'link_outside' },
      });
      expect(await (await fetch(admin)).text()).toMatch(/link\.log\s+link_outside/);
      expect(await shipper.stop()).toEqual({ code: 0, signal: null });
      expect(shipper.log.filter(({ msg }) => msg === 'refused to read')).toHaveLength(1);
    }
    expect(account(at.receiver.records, 0, 30)).toEqual(perfect);
  });

  it('is not shipped even if it replaces a log again and again while the shipper looks', async () => {
    await using at = await scene();
    await using shipper = await at.start();
    const [swapped, next] = [at.dir.file('log/swapped.log'), at.dir.file('log/next')];
    let id = 10;
    for (let round = 0; round < 25; round++) {
      for (let swap = 0; swap < 20; swap++) {
        if (swap % 2 === 0) symlinkSync('../token', next);
        else writeFileSync(next, `swap ${round}\n`);
        renameSync(next, swapped);
      }
      if (round % 2 === 0) {
        symlinkSync('../token', next);
        renameSync(next, swapped);
      }
      // when this record arrives, the shipper has seen both
      appendFileSync(at.dir.file('log/app.log'), lines(id, id + 1));
      await eventually(() => at.receiver.records.some((record) => record['id'] === id));
      id++;
    }
    rmSync(swapped);
    writeFileSync(swapped, 'at last\n');
    await at.receiver.receivedFrom(swapped);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    expect(JSON.stringify(at.receiver.records)).not.toContain('secret');
    expect(at.receiver.records.filter(({ message }) => message === 'at last')).toHaveLength(1);
    const own = at.receiver.records.filter(({ file }) => file === at.dir.file('log/app.log'));
    expect(account(own, 0, id)).toEqual(perfect);
  });

  it('is shipped with --follow-links', async () => {
    await using at = await scene();
    await using shipper = await at.start('--follow-links');
    await at.receiver.received(11);
    await shipper.stop();
    expect(at.receiver.records.map(({ message }) => message)).toContain('eyJ-secret');
  });
});
