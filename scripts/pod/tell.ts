import { join, relative } from 'node:path';
import type { PodState } from './state.ts';
import { usualPorts } from './usual-ports.ts';

/** Prints the started processes, and commands to try. */
export function tellNew(state: PodState, folder: string): void {
  listProcesses(state);
  const { url, ports } = state;
  console.log(`
The pod is up, as local processes: ${url}
See it live: http://127.0.0.1:${ports.page}

  curl -X POST ${url}/api/views/home      a page view, counted in Redis through the ambassador
  curl -s http://127.0.0.1:${ports.metrics}/metrics | grep web_page_views      the same, through the adaptor
  tail -n 1 ${shown(join(folder, 'shipped/records.ndjson'))}      the same, as a shipped log record

Follow its logs: make logs. Stop it: make down.`);
}

/** Prints which parts of an existing pod were started again. */
export function tellFormer({ url, startedAt }: PodState, startedAgain: readonly string[]): void {
  const what =
    startedAgain.length === 0
      ? `The pod is already running: ${url} (since ${startedAt}).`
      : `The pod is complete again: ${url} (started again: ${startedAgain.join(', ')}).`;
  console.log(`${what} Stop it with: make down`);
}

function listProcesses({ processes, ports }: PodState): void {
  const usual = new Map(Object.entries(usualPorts));
  const moved = new Map(Object.entries(ports).map(([name, port]) => [port, usual.get(name)]));
  const place = ([name, port]: [string, number]) => {
    const first = moved.get(port);
    return `${name} ${port}${first === undefined || first === port ? '' : ` (${first} is taken)`}`;
  };
  for (const { name, pid, ports: own } of processes) {
    console.log(
      `  ${name.padEnd(18)} pid ${String(pid).padEnd(8)} ${Object.entries(own).map(place).join(', ')}`,
    );
  }
}

/** Quotes a path for a shell in this folder. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  const short = near.startsWith('..') ? path : near;
  return /^[\w./@+-]+$/.test(short) ? short : `'${short.replaceAll("'", "'\\''")}'`;
}
