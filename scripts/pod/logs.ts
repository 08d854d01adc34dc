import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import { visible } from '@pod-patterns/kit';
import { logFile } from './launch.ts';
import { podFolder } from './state.ts';

const colors = {
  redis: 'red',
  'wait-for': 'gray',
  'log-shipper': 'green',
  'statsd-adaptor': 'yellow',
  'redis-ambassador': 'magenta',
  web: 'cyan',
  'pod-page': 'blue',
} as const;
type Name = keyof typeof colors;

interface Source {
  readonly name: Name;
  /** Set for a file that the container writes beside its log. */
  readonly part?: string;
  readonly file: string;
}

function sources(folder: string): Source[] {
  const names = Object.keys(colors) as Name[]; // of the object above
  return [
    ...names.map((name) => ({ name, file: logFile(folder, name) })),
    ...['app.log', 'access.log', 'error.log'].map(
      (part): Source => ({ name: 'web', part, file: join(folder, 'var/log/app', part) }),
    ),
    { name: 'log-shipper', part: 'records', file: join(folder, 'shipped/records.ndjson') },
  ];
}

/** `make logs` for processes: follows each log, web's files and the shipped records through rotation. */
async function main(): Promise<void> {
  const followed = sources(resolve(podFolder())).map((source) => ({ source, tail: followFile(source.file) }));
  const end = () => {
    for (const { tail } of followed) tail.kill();
  };
  process.on('SIGINT', end).on('SIGTERM', end).on('SIGHUP', end);
  process.stdout.on('error', end).setMaxListeners(2 * followed.length);
  const labels = followed.map(({ source }) => labelOf(source));
  const width = Math.max(...labels.map((label) => label.length));
  await Promise.all(
    followed.map(async ({ source, tail }) => {
      const label = labelOf(source).padEnd(width);
      const mark = styleText(colors[source.name], `${label} |`, { stream: process.stdout });
      await copyLines(tail, mark);
    }),
  );
}

function labelOf({ name, part }: Source): string {
  return part === undefined ? name : `${name} ${part}`;
}

/** `-F` waits for a missing file, and continues with the new one after a rotation. */
function followFile(file: string): ChildProcess {
  return spawn('tail', ['-n', '20', '-F', file], { stdio: ['ignore', 'pipe', 'ignore'] });
}

async function copyLines(tail: ChildProcess, mark: string): Promise<void> {
  if (tail.stdout === null) return;
  for await (const line of createInterface({ input: tail.stdout })) {
    const isTaken = process.stdout.write(`${mark} ${visible(line)}\n`);
    if (!isTaken && process.stdout.writable) await once(process.stdout, 'drain');
  }
}

await main();
