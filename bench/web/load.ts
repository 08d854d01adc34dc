import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';

export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
}

/** Sends requests as fast as answers arrive, with `wrk` if installed, else from here. @throws if an answer is not 200 */
export function load(options: Load): Promise<LoadResult> {
  const wrk = findBinary('wrk');
  return wrk === undefined ? loadFromHere(options) : loadWithWrk(wrk, options);
}

async function loadWithWrk(wrk: string, { url, method, connections, seconds }: Load): Promise<LoadResult> {
  const script = join(import.meta.dirname, 'load.lua');
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, url, '--', method];
  const child = spawn(wrk, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = (await child.stdout.setEncoding('utf8').toArray()).join('');
  const [, requests, micros, errors] = /result (\d+) (\d+) (\d+)/.exec(output) ?? [];
  if (errors !== '0') throw new Error(`wrk: ${errors} errors\n${output}`);
  return { requests: Number(requests), seconds: Number(micros) / 1e6 };
}

async function loadFromHere({ url, method, connections, seconds }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  let requests = 0;
  const client = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      await ask();
      requests++;
    }
  };
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const asked = request(url, { method, agent }, (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
        answer.resume().once('end', resolve);
      });
      asked.once('error', reject).end();
    });
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return { requests, seconds: (performance.now() - startedAt) / 1000 };
}
