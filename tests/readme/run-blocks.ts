import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Installed, installed } from '@pod-patterns/kit/testing/needs';
import { type CommandBlock, commandBlocks, matchesOutput } from './blocks.ts';

const root = join(import.meta.dirname, '../..');
const mark = '<<< block';

/** The blocks of a README that need just this. */
export function blocksOf(readme: string, needs: string | undefined): CommandBlock[] {
  return commandBlocks(readmeText(readme)).filter((block) => block.needs === needs);
}

export function readmeText(readme: string): string {
  return readFileSync(join(root, readme), 'utf8');
}

/** Programs that READMEs use and not every machine has. */
const programs = ['curl', 'kubectl', 'openssl', 'redis-cli', 'redis-server'];

/** The programs that these blocks need. */
export function programsOf(blocks: readonly CommandBlock[]): Installed[] {
  const words = new Set(blocks.flatMap(({ commands }) => commands.split(/[\s;|()]+/)));
  return programs.filter((name) => words.has(name)).map((name) => installed(name));
}

interface RunOptions {
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The root of the checkout, or of another folder with a README. */
  readonly cwd?: string;
}

/** Runs blocks in order in one shell, as a user does; says what went wrong, or nothing. */
export async function runBlocks(
  blocks: readonly CommandBlock[],
  { timeoutMs, env = {}, cwd = root }: RunOptions,
): Promise<string[]> {
  const script = blocks
    .map(({ commands }, index) => `printf '\\n${mark} ${index}\\n'\n${commands}\n`)
    .join('');
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: { ...process.env, PATH: pathOfUser(), CI: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that what a block left running can be ended with it
    timeout: timeoutMs,
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(shell, 'exit');
  try {
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
  } catch {
    // nothing was left running
  }
  const outputs = output.split(new RegExp(`^${mark} \\d+\\n`, 'm')).slice(1);
  const faults = blocks.flatMap(({ expected, line }, index) => {
    const printed = outputs[index];
    if (printed === undefined) return [`line ${line}: was not reached`];
    if (expected === undefined || matchesOutput(printed, expected)) return [];
    return [`line ${line}: expected\n${expected}\nbut it printed\n${printed}`];
  });
  if (code !== 0) faults.push(`the shell ended with ${code}:\n${output.slice(-2000)}`);
  return faults;
}

/** The programs of the machine, none of this checkout's, and a `node` that refuses: nobody knows which one it is. */
function pathOfUser(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const ofMachine = folders.filter((folder) => !folder.endsWith('node_modules/.bin'));
  return [join(import.meta.dirname, 'path'), ...ofMachine].join(delimiter);
}
