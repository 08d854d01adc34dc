import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LimitedContainer } from './limited.ts';

const mb = 1_000_000;
const random = (length: number) => Buffer.alloc(length, 'abcdefgh{"\\\u0001').toString('latin1');

/** Files that an app writes into the shared volume, by name. */
const floods: Readonly<Record<string, () => Iterable<readonly [name: string, content: string]>>> = {
  'lines of ten megabytes and more': function* () {
    for (let at = 0; at < 8; at++) yield [`a${at}.log`, `${'x'.repeat(12 * mb)}\n`.repeat(2)];
  },
  'lines that do not end': function* () {
    for (let at = 0; at < 8; at++) yield [`a${at}.log`, random(20 * mb)];
  },
  'thousands of files': function* () {
    for (let at = 0; at < 3000; at++) yield [`a${at}.log`, `${'y'.repeat(20_000)}\n`];
  },
  'lines of one byte': function* () {
    for (let at = 0; at < 4; at++) yield [`a${at}.log`, 'z\n'.repeat(5 * mb)];
  },
  'stack traces that do not end': function* () {
    for (let at = 0; at < 4; at++) yield [`a${at}.log`, `Error: x\n${'    at y\n'.repeat(mb)}`];
  },
};

describe('the container of log-shipper, with the memory of its manifest', () => {
  let volume: ReturnType<typeof tempDir>;
  let shipper: LimitedContainer;
  beforeEach(async () => {
    volume = tempDir();
    mkdirSync(join(volume.path, 'state'));
    for (const folder of [volume.path, join(volume.path, 'state')]) chmodSync(folder, 0o777);
    shipper = await LimitedContainer.start({
      image: 'log-shipper',
      memoryMiB: 160,
      adminPort: 9101,
      args: ['--paths=/logs/*.log', '--sink=file:///logs/state/out', '--state-dir=/logs/state'],
      flags: [`--volume=${volume.path}:/logs`, '--env=MULTILINE=node'],
    });
  });
  afterEach(() => {
    shipper[Symbol.dispose]();
    volume[Symbol.dispose]();
  });

  it.each(Object.entries(floods))('survives %s, and ships them', async (name, files) => {
    const before = shipper.fate;
    let count = 1;
    for (const [file, content] of files()) {
      count++;
      writeFileSync(join(volume.path, file), content);
      if (name !== 'thousands of files') expect(await shipper.isLive()).toBe(true);
    }
    writeFileSync(join(volume.path, 'legitimate.log'), 'legitimate\n');
    await eventually(
      async () => {
        expect(await shipper.isLive()).toBe(true);
        const isAll = (await shipper.metric('log_shipper_files')) === count;
        return isAll && (await shipper.metric('log_shipper_lag_bytes')) === 0;
      },
      { timeoutMs: 120_000, everyMs: 250 },
    );
    console.log(`${name}: peak ${shipper.peakMiB} MiB`);
    expect(shipper.fate).toEqual(before);
  });
});
