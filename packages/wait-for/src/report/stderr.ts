import { writeSync } from 'node:fs';
import { systemCode, visible } from '@pod-patterns/kit';

/**
 * Writes a line to stderr at once: `process.stderr` would cost a tenth of the start, and a process that is
 * replaced flushes nothing. A reader that is slow or gone must not end the wait.
 */
export function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch (error) {
    // another process may have made the pipe non-blocking, and it is full
    if (systemCode(error) === 'EAGAIN') process.stderr.write(`${line}\n`);
  }
}

/** Prints a line in the program's name; it may quote foreign text. */
export function tell(words: string): void {
  say(`wait-for: ${visible(words)}`);
}
