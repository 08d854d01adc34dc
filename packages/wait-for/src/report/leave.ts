import { existsSync } from 'node:fs';
import { describeError } from '@pod-patterns/kit';
import type { Files } from '../probe/files.ts';
import { type Clock, inTime } from '../schedule/clock.ts';
import { tell } from './stderr.ts';
import { defaultTerminationLog } from './termination-log.ts';

/** The end must not wait for a file system that does not answer; any other takes a millisecond. */
const writeMs = 1000;

/** A text to leave behind, and the option that names its file, if any. */
export interface Legacy {
  readonly option: string;
  readonly path: string | undefined;
  readonly text: string;
}

/** Leaves texts behind; in the usual place of a termination log only where Kubernetes has made it. All was said already: a file that cannot be written is told, and not worth failing for. */
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
