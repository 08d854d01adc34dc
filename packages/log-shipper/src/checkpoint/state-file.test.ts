import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createLogger } from '@pod-patterns/kit';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { StateFile } from './state-file.ts';

it('does not follow a link in place of the checkpoint', async () => {
  using dir = tempDir();
  writeFileSync(dir.file('precious'), 'untouched');
  for (const name of ['checkpoint', 'checkpoint.tmp']) symlinkSync('precious', dir.file(name));
  const state = new StateFile({
    ...{ folder: dir.path, files: () => [], changes: () => ({ added: 0, altered: 0 }), now: () => 0 },
    log: createLogger({ component: 'test', level: 'error', format: 'json' }),
    onError: (reason) => expect.unreachable(reason),
  });
  await state.close({ isHurried: false });
  expect(readFileSync(dir.file('precious'), 'utf8')).toBe('untouched');
  expect(readFileSync(dir.file('checkpoint'), 'utf8')).not.toBe('untouched');
});
