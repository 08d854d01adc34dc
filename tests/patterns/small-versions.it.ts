import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFileSync, globSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { kustomize, render } from '../manifests/kustomizations.ts';

const folder = join(import.meta.dirname, '../../docs/patterns');

function start(program: string, args: readonly string[], env: Record<string, string> = {}): RunningProgram {
  return new RunningProgram(process.execPath, [join(folder, program), ...args], env);
}

/** Resolves when the program has reported that it is ready. */
function isReady({ stderr }: RunningProgram): Promise<boolean> {
  return eventually(() => stderr.includes('ready'));
}

describe('the small sidecar', () => {
  it('prints each line once through rotation, truncation and SIGTERM', async () => {
    using dir = tempDir();
    const log = dir.file('app.log');
    await using tail = start('sidecar/tail.mjs', [log]);
    const printed = (lines: string) => eventually(() => tail.stdout === lines);

    appendFileSync(log, 'one\ntw');
    await printed('one\n');
    appendFileSync(log, 'o\n');
    await printed('one\ntwo\n');
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, 'three\n');
    appendFileSync(log, 'four\n');
    await printed('one\ntwo\nthree\nfour\n');
    truncateSync(log);
    appendFileSync(log, '5\n');
    await printed('one\ntwo\nthree\nfour\n5\n');
    appendFileSync(log, 'the last\n');
    expect(await tail.stop()).toEqual({ code: 0, signal: null });
    expect(tail.stdout).toBe('one\ntwo\nthree\nfour\n5\nthe last\n');
  });
});

describe('the small adaptor', () => {
  it('adds up counters, keeps gauges, and counts the lines that it refuses', async () => {
    const [udpPort, httpPort] = [await freePort(), await freePort()];
    await using adaptor = start('adaptor/statsd.mjs', [String(udpPort), String(httpPort)]);
    await isReady(adaptor);
    const socket = createSocket('udp4').unref();
    const lines = [
      'hits:1|c',
      'hits:2|c|@0.5',
      'a.b:4|g',
      'a.b:-1|g',
      'hits:1|g',
      'x',
      ':1|c',
      'n:1.2.3|c',
      'n:1|c|@0',
    ];
    socket.send(`${lines.join('\n')}\n`, udpPort, '127.0.0.1');

    const scrape = async () => (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
    await eventually(async () => (await scrape()).includes('refused_lines 5\n'));
    expect(await scrape()).toBe(
      [
        '# TYPE refused_lines counter\nrefused_lines 5',
        '# TYPE hits counter\nhits 5',
        '# TYPE a_b gauge\na_b 3\n',
      ].join('\n'),
    );
    socket.close();
    expect(await adaptor.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('the small ambassador', () => {
  const listen = async (onClient: (socket: Socket) => void) => {
    const server = createServer({ allowHalfOpen: true }, onClient).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
  };
  const ambassador = async (upstreamPort: number) => {
    const port = await freePort();
    const program = start('ambassador/forward.mjs', [String(port)], {
      UPSTREAM: `127.0.0.1:${upstreamPort}`,
    });
    await isReady(program);
    return { program, port };
  };

  it('sends a large reply to a client that has ended its side, and exits with the last connection', async () => {
    const { server, port: upstreamPort } = await listen((socket) => {
      void text(socket).then((request) => socket.end(request.repeat(200_000)));
    });
    const { program, port } = await ambassador(upstreamPort);
    await using _ = program;
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.end('0123456789');
    await once(client, 'connect');
    const ended = program.stop();
    expect((await buffer(client)).length).toBe(2_000_000);
    expect(await ended).toEqual({ code: 0, signal: null });
    server.close();
  });

  it('closes a client whose upstream resets or refuses the connection', async () => {
    const { server, port: upstreamPort } = await listen((socket) => socket.resetAndDestroy());
    const { program, port } = await ambassador(upstreamPort);
    await using _ = program;
    for (const isThere of [true, false]) {
      if (!isThere) server.close();
      const client = connect(port, '127.0.0.1').on('error', () => {});
      await once(client, 'close');
    }
    expect(program.stderr.filter((line) => line.startsWith('connection lost: '))).not.toEqual([]);
  });
});

describe('the small wait-for', () => {
  it('ends with 0 once all targets accept', async () => {
    const [first, second] = [await freePort(), createServer().listen(0, '127.0.0.1')];
    await once(second, 'listening');
    const address = second.address();
    const secondPort = typeof address === 'object' ? address?.port : 0;
    await using waiting = start('init/wait-for.mjs', [`127.0.0.1:${first}`, `127.0.0.1:${secondPort}`]);
    await eventually(() => waiting.stderr.includes(`127.0.0.1:${first}: ECONNREFUSED`));
    const late = createServer().listen(first, '127.0.0.1');
    expect(await waiting.ended).toEqual({ code: 0, signal: null });
    late.close();
    second.close();
  });

  it('ends with 124 and the reason after the timeout, and with 143 after SIGTERM', async () => {
    const target = `127.0.0.1:${await freePort()}`;
    await using late = start('init/wait-for.mjs', [target], { TIMEOUT_MS: '300' });
    expect(await late.ended).toEqual({ code: 124, signal: null });
    expect(late.stderr.at(-1)).toMatch(`${target}: not ready after 300 ms, last: `);
    await using stopped = start('init/wait-for.mjs', [target]);
    await eventually(() => stopped.stderr.length > 0);
    expect(await stopped.stop()).toEqual({ code: 143, signal: null });
  });
});

describe('the small manifests', () => {
  const patterns = globSync('*/pod.yaml', { cwd: folder }).map((file) => file.split('/')[0] ?? '');

  it.each(patterns)('%s: the program has 30 to 60 lines, the manifest at most 40', (pattern) => {
    const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;
    for (const file of globSync(join(folder, pattern, '*.mjs'))) {
      expect(lines(file)).toBeGreaterThanOrEqual(30);
      expect(lines(file)).toBeLessThanOrEqual(60);
      // the title of the README names the number
      expect(readFileSync(join(folder, pattern, 'README.md'), 'utf8')).toContain(`in ${lines(file)} lines`);
    }
    expect(lines(join(folder, pattern, 'pod.yaml'))).toBeLessThanOrEqual(40);
  });

  it.each(patterns)('%s: renders, and pod-review finds no error', needs(kustomize), async (pattern) => {
    using dir = tempDir();
    const file = dir.file('rendered.yaml');
    appendFileSync(file, render(join('docs/patterns', pattern)));
    const podReview = join(import.meta.dirname, '../../packages/pod-review/src/main.ts');
    await using review = new RunningProgram(process.execPath, [podReview, '--severity=error', file]);
    expect((await review.ended).code).toBe(0);
    expect(review.stdout).toContain(': fine');
  });
});
