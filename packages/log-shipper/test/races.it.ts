import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { createLogger } from '@pod-patterns/kit';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../src/tail/catalog.ts';
import { Fence } from '../src/tail/fence.ts';
import { compileGlob } from '../src/tail/glob.ts';
import { Handles } from '../src/tail/handles.ts';
import { Problems } from '../src/tail/problems.ts';
import { walk } from '../src/tail/walk.ts';
import { lines } from './support/lines.ts';

const rounds = 150;
const silent = createLogger({ component: 'test', level: 'error', format: 'json' });

/** Writes a log and rotates it twice, with random pauses or none. */
async function rotateTwice(folder: string, form: 'rename' | 'copytruncate'): Promise<void> {
  const log = join(folder, 'app.log');
  const pauseOrNot = async () => {
    const turns = Math.random() < 0.5 ? 0 : Math.floor(Math.random() * 40);
    for (let count = 0; count < turns; count++) await turn();
  };
  await pauseOrNot();
  appendFileSync(log, lines(50, 100));
  for (const from of [100, 150]) {
    if (existsSync(`${log}.1`)) renameSync(`${log}.1`, `${log}.2`);
    await pauseOrNot();
    if (form === 'rename') {
      renameSync(log, `${log}.1`);
    } else {
      copyFileSync(log, `${log}.1`);
      await pauseOrNot();
      truncateSync(log);
    }
    await pauseOrNot();
    appendFileSync(log, lines(from, from + 50));
    await pauseOrNot();
  }
}

/** Looks at the folder until `write` is done, then reads all generations in order as a source does. */
async function readMeanwhile(folder: string, glob: string, write: () => Promise<void>): Promise<string> {
  const globs = compileGlob(join(folder, glob));
  const fence = await Fence.around(globs, { followLinks: false, own: [] });
  const handles = new Handles({ fence, most: 100, onScarce: () => undefined });
  const options = { sinks: ['sink'], log: silent, handles, now: () => performance.now() };
  await using catalog = new Catalog({ ...options, problems: new Problems(silent, () => undefined) });
  const look = async () => catalog.update(await walk(globs, fence));
  await look();
  let isWriting = true;
  const writing = write().finally(() => {
    isWriting = false;
  });
  while (isWriting) {
    if (Math.random() < 0.5) await catalog.poll(catalog.generations);
    else await look();
    await turn();
  }
  await writing;
  for (let count = 0; count < 6; count++) {
    await look();
    for (const generation of catalog.generations) {
      // a source notices that the start of a file has changed
      const { head, source } = generation;
      if (!(await source.range(0, head.length)).equals(head)) generation.state = { is: 'suspect' };
    }
  }
  catalog.releaseTwins();
  let text = '';
  for (const generation of catalog.generations) {
    const { source, size } = generation;
    if (generation.is('readable')) text += (await source.range(0, size)).toString();
  }
  return text;
}

describe.each(['rename', 'copytruncate'] as const)('two rotations by %s in quick succession', (form) => {
  it.each(['app.log', 'app.log*'])(
    'are recognized with the pattern %s, whenever the shipper looks',
    async (glob) => {
      using dir = tempDir();
      for (let round = 0; round < rounds; round++) {
        const folder = dir.file(`${round}`);
        mkdirSync(folder);
        writeFileSync(join(folder, 'app.log'), lines(0, 50));
        const text = await readMeanwhile(folder, glob, () => rotateTwice(folder, form));
        expect(text).toBe(lines(0, 200));
        rmSync(folder, { recursive: true });
      }
    },
  );
});
