import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { processCost } from '../process-cost.ts';
import { median, type Row } from '../report.ts';

const run = promisify(execFile);

/** A load. */
export interface Case {
  readonly name: string;
  readonly clients: number;
  readonly pipeline: number;
  readonly requests: number;
  readonly valueBytes: number;
  readonly command: 'get' | 'set' | 'mget';
  /** Number of random keys; default 1. */
  readonly keys?: number;
}

/** A server to measure. */
export interface Contender {
  readonly name: string;
  readonly port: number;
  /** The proxy's process; undefined for direct Redis. */
  readonly pid?: number | undefined;
  /** Further arguments of redis-benchmark. */
  readonly flags?: readonly string[];
}

interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Of the proxy, for a million requests. */
  readonly cpuSeconds: number;
}

/** Number of rounds, and the share of a case's requests. */
export interface Effort {
  readonly rounds: number;
  readonly share: number;
}

/** Runs redis-benchmark against the contenders in turns, so a busy moment hits all; returns a row of medians. */
export async function compare(contenders: readonly Contender[], test: Case, effort: Effort): Promise<Row> {
  const all = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < effort.rounds; round++) {
    for (const contender of contenders) {
      all.get(contender.name)?.push(await measure(contender, test, effort.share));
    }
  }
  const of = (name: string, figure: keyof Measured) =>
    median((all.get(name) ?? []).map((one) => one[figure]));
  const rate = of('ambassador', 'perSecond');
  const others = contenders.filter(({ name }) => name !== 'ambassador');
  const proxies = contenders.filter(({ pid }) => pid !== undefined);
  const row = {
    case: test.name,
    ...columns(contenders, (name) => [`${name}/s`, Math.round(of(name, 'perSecond'))]),
    ...columns(others, (name) => [`of ${name}`, ratio(rate, of(name, 'perSecond'))]),
    ...columns(proxies, (name) => [`CPU s/M ${name}`, Number(of(name, 'cpuSeconds').toFixed(2))]),
    ...columns(proxies, (name) => [`p99 ${name}`, of(name, 'p99Ms')]),
  };
  console.log(JSON.stringify(row));
  return row;
}

function columns(
  contenders: readonly Contender[],
  column: (name: string) => readonly [string, number],
): Record<string, number> {
  return Object.fromEntries(contenders.map(({ name }) => column(name)));
}

async function measure({ port, pid, flags = [] }: Contender, test: Case, share: number): Promise<Measured> {
  const requests = Math.round(test.requests * share);
  const common = ['-h', '127.0.0.1', '-p', `${port}`, '-c', `${test.clients}`, '-P', `${test.pipeline}`];
  const random = test.keys === undefined ? [] : ['-r', String(test.keys)];
  const keys = Array.from({ length: 10 }, (_, index) => `key:${index}`);
  const what =
    test.command === 'mget' ? ['MGET', ...keys] : ['-t', test.command, '-d', String(test.valueBytes)];
  const before = pid === undefined ? 0 : processCost(pid).cpuSeconds;
  const args = [...common, ...random, ...flags, '-n', String(requests), '--csv', ...what];
  const { stdout } = await run('redis-benchmark', args);
  const after = pid === undefined ? 0 : processCost(pid).cpuSeconds;
  const [, perSecond = Number.NaN, , , , , p99Ms = Number.NaN] =
    stdout
      .trim()
      .split('\n')
      .at(-1)
      ?.split(',')
      .map((field) => Number(field.replaceAll('"', ''))) ?? [];
  return { perSecond, p99Ms, cpuSeconds: ((after - before) * 1e6) / requests };
}

function ratio(one: number, other: number): number {
  return Number((one / other).toFixed(2));
}
