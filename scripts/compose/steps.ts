import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Runs the steps of a long job: prints a line with the time of each, and writes the programs' output to a file. */
export class Steps {
  readonly log: string;
  /** The first signal that came while a program ran. */
  interruptedBy: NodeJS.Signals | undefined;

  /** @param log file to overwrite */
  constructor(log: string) {
    this.log = log;
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, '');
  }

  /** @returns true if the program ended with 0 without a signal to this process */
  async run(title: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
    const [program = '', ...args] = command;
    const done = showTime(title);
    const file = openSync(this.log, 'a');
    const child = spawn(program, args, { stdio: ['ignore', file, file], env });
    const interrupt = (signal: NodeJS.Signals) => {
      this.interruptedBy ??= signal;
      // Ctrl-C goes to all programs of the terminal, and a second SIGINT would not let Compose clean up
      if (signal !== 'SIGINT') child.kill(signal);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    try {
      const [code] = await once(child, 'exit');
      return code === 0 && this.interruptedBy === undefined;
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      closeSync(file);
      done();
    }
  }

  lastLines(count: number): string {
    return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }
}

/** Prints `title … 12 s`: on a terminal it counts the seconds, elsewhere it adds them at the end. */
function showTime(title: string): () => void {
  const since = performance.now();
  const seconds = () => `${Math.round((performance.now() - since) / 1000)} s`;
  const { stdout } = process;
  stdout.write(`${title} …`);
  const ticks = setInterval(() => stdout.isTTY && stdout.write(`\r${title} … ${seconds()}`), 1000);
  return () => {
    clearInterval(ticks);
    stdout.write(stdout.isTTY ? `\r${title} … ${seconds()}\n` : ` ${seconds()}\n`);
  };
}
