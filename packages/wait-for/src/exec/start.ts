import { exitCode } from '@pod-patterns/kit';
import { become } from './become.ts';
import { fileLimitOf, limited, lostFileLimit } from './file-limit.ts';
import { findProgram } from './find-program.ts';

/** Why a command could not be started. */
export interface NotStarted {
  readonly exitCode: number;
  readonly message: string;
}

/** Becomes the command, with the limits that this process was given; returns only if the command cannot be started. */
export function start(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  warn: (message: string) => void,
): NotStarted {
  const find = (name: string) => findProgram(name, env['PATH']);
  const found = find(command[0] ?? '');
  if (!found.ok) return found;
  const softLimit = lostFileLimit(fileLimitOf('self'), fileLimitOf(process.ppid));
  const restored =
    softLimit === undefined
      ? undefined
      : limited(command, softLimit, (name) => {
          const program = find(name);
          return program.ok ? program.file : undefined;
        });
  if (softLimit !== undefined && restored === undefined) {
    warn(
      `cannot set the open-file limit of the command back to ${softLimit}: neither prlimit nor sh is on PATH`,
    );
  }
  const { file, command: words } = restored ?? { file: found.file, command };
  become(file, words, env);
  return {
    exitCode: exitCode.internal,
    message: 'this Node cannot start a command: it has no process.execve',
  };
}
