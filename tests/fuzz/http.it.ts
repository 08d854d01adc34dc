import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { Pod } from '../pod/pod.ts';
import { converse, sendDatagrams } from './converse.ts';
import {
  type Conversation,
  httpConversation,
  redisConversation,
  statsdConversation,
} from './odd-requests.ts';

const rounds = 12;
const atOnce = 25;

/** Holds many conversations at a time, and checks the process after each round. No shrinking: a process dies once. */
async function survives(
  conversation: fc.Arbitrary<Conversation>,
  hold: (conversation: Conversation) => Promise<void>,
  isWell: () => Promise<void>,
): Promise<void> {
  const round = fc.array(conversation, { minLength: atOnce, maxLength: atOnce });
  const property = fc.asyncProperty(round, async (conversations) => {
    await Promise.all(conversations.map(hold));
    await isWell();
  });
  await fc.assert(property, { numRuns: rounds, endOnFailure: true });
}

describe('no bytes end a process of the pod', needs(redisServer), () => {
  const pod = new Pod();
  let pids: Record<string, number>;
  /** Ignores an earlier attempt on a port that was taken. */
  let upAt: string;

  beforeAll(() => {
    pod.up();
    pids = pidsOf(pod);
    upAt = new Date().toISOString();
  });
  afterAll(() => pod[Symbol.dispose]());

  const admin: Readonly<Record<string, string>> = { 'statsd-adaptor': 'metrics' };
  /** Asks the admin port, also right after a storm of connections. */
  const isWell = async (name: string) => {
    const port = pod.port(name, admin[name] ?? 'admin');
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    expect(isRunning(pod.process(name))).toBe(true);
  };

  it.each([
    ['web', 'http', httpConversation],
    ['web', 'admin', httpConversation],
    ['pod-page', 'page', httpConversation],
    ['pod-page', 'admin', httpConversation],
    ['log-shipper', 'admin', httpConversation],
    ['statsd-adaptor', 'metrics', httpConversation],
    ['redis-ambassador', 'admin', httpConversation],
    ['redis-ambassador', 'redis', redisConversation],
    ['redis-ambassador', 'redis', httpConversation],
    ['statsd-adaptor', 'statsd', statsdConversation],
    ['statsd-adaptor', 'statsd', httpConversation],
  ] as const)('%s, sent to its port for %s %#', async (name, port, conversation) => {
    const number = pod.port(name, port);
    await survives(
      conversation,
      (one) => converse(number, one),
      () => isWell(name),
    );
  });

  it('statsd-adaptor, sent as datagrams', async () => {
    const port = pod.port('statsd-adaptor', 'statsd');
    await survives(
      statsdConversation,
      (one) => sendDatagrams(port, one),
      () => isWell('statsd-adaptor'),
    );
  });

  it('afterwards each process is still the first one, and the pod works and stops as usual', async () => {
    expect(pidsOf(pod)).toEqual(pids);
    expect(pod.state.processes.filter((process) => !isRunning(process))).toEqual([]);
    const answer = await fetch(`${pod.state.url}/api/views/after-fuzz`, { method: 'POST' });
    expect(answer.status).toBe(200);
    pod.down();
    const lines = Object.keys(pids).flatMap((name) => pod.log(name));
    expect(lines.filter(({ level, time }) => level === 'error' && String(time) >= upAt)).toEqual([]);
    // open connections do not delay the stop
    expect(lines.filter(({ msg, time }) => msg === 'stopped' && String(time) >= upAt)).toHaveLength(5);
  });
});

it('no request ends the server of the adaptor pattern', async () => {
  using folder = tempDir();
  const port = await freePort();
  const source = readFileSync(join(import.meta.dirname, '../../k8s/patterns/adaptor/server.mjs'), 'utf8');
  const file = join(folder.path, 'server.mjs');
  writeFileSync(file, source.replace('listen(8080)', `listen(${port}, '127.0.0.1')`));
  const server = spawn(process.execPath, [file], { stdio: 'ignore' });
  try {
    const isWell = async () => {
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      expect([server.exitCode, server.signalCode]).toEqual([null, null]);
    };
    await eventually(() => isWell().then(() => true));
    await survives(httpConversation, (one) => converse(port, one), isWell);
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  }
});

function pidsOf(pod: Pod): Record<string, number> {
  return Object.fromEntries(pod.state.processes.map(({ name, pid }) => [name, pid]));
}
