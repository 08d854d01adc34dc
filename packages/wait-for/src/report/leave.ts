import { existsSync } from 'node:fs';
import { describeError } from '@pod-patterns/kit';
import type { Files } from '../probe/files.ts';
import { type Clock, inTime } from '../schedule/clock.ts';
import { tell } from './stderr.ts';
import { defaultTerminationLog } from './termination-log.ts';

/** The end must not wait for a dead file system; others need about 1 ms. */
const writeMs = 1000;

/** A text to leave behind, and the option that names its file, if any. */
export interface Legacy {
  readonly option: string;
  readonly path: string | undefined;
  readonly text: string;
}

/** Writes the last texts. The default termination log is written only if Kubernetes created it; a write fault is only reported. */
export async function leave(legacies: readonly Legacy[], files: Files, clock: Clock): Promise<void> {
  await Promise.all(
    legacies.map(async ({ option, path, text }) => {
      if (path === undefined || (path === defaultTerminationLog && !existsSync(path))) return;
      const fault = await inTime(clock, writeMs, write(path, text, files));
      const words = fault ?? `not written within ${writeMs / 1000}s`;
      if (words !== '') tell(`--${option} ${path}: ${words}`);
    }),
  );
}

/** Why it cannot be written; empty if it was. */
async function write(path: string, text: string, files: Files): Promise<string> {
  try {
    await files.write(path, text);
    return '';
  } catch (error) {
    return describeError(error);
  }
}
