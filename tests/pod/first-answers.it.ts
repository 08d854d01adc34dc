import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { SilentServer } from '@pod-patterns/kit/testing/silent-server';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';

/** A program's surroundings: a folder, ports to listen on, and the address of all other programs. */
interface Place {
  readonly folder: string;
  readonly data: number;
  readonly admin: number;
  readonly others: number;
}

interface Service {
  readonly name: string;
  readonly args: (place: Place) => readonly string[];
  readonly admin: readonly string[];
  readonly data: readonly string[];
}

const usual = ['/', '/livez', '/readyz', '/metrics'];
const services: readonly Service[] = [
  {
    name: 'web',
    args: ({ folder, data, admin, others }) => [
      ...['--listen', `127.0.0.1:${data}`, '--admin-listen', `127.0.0.1:${admin}`, '--log-dir', folder],
      ...['--redis-url', `redis://127.0.0.1:${others}`, '--redis-timeout', '300ms'],
      ...['--statsd', `127.0.0.1:${others}`, '--faults'],
    ],
    admin: [...usual, '/faults'],
    data: ['/', '/pages/about', '/api/views', '/api/cache/a', '/api/info', '/openapi.json', '/nope'],
  },
  {
    name: 'pod-page',
    args: ({ data, admin, others }) => [
      ...['--listen', `127.0.0.1:${data}`, '--admin-listen', `127.0.0.1:${admin}`],
      ...['--app', `http://127.0.0.1:${others}`],
      ...['web', 'redis-ambassador', 'statsd-adaptor', 'log-shipper'].map(
        (name) => `--container=${name}=http://127.0.0.1:${others}`,
      ),
    ],
    admin: usual,
    data: ['/', '/api/pod', '/events', '/picture', '/icon.svg', '/nope'],
  },
  {
    name: 'log-shipper',
    args: ({ folder, admin, others }) => [
      ...['--paths', `${folder}/*.log`, '--state-dir', folder, '--admin-listen', `127.0.0.1:${admin}`],
      ...['--sink', `http://127.0.0.1:${others}/`, '--sink', `loki+http://127.0.0.1:${others}/`],
    ],
    admin: [...usual, '/status'],
    data: [],
  },
  {
    name: 'statsd-adaptor',
    args: ({ data, admin, others }) => [
      ...[`--statsd.listen-udp=127.0.0.1:${data}`, `--statsd.listen-tcp=127.0.0.1:${data}`],
      ...[`--web.listen-address=127.0.0.1:${admin}`, `--statsd.relay.address=127.0.0.1:${others}`],
    ],
    admin: [...usual, '/status', '/-/healthy', '/-/ready'],
    data: [],
  },
  {
    name: 'redis-ambassador',
    args: ({ data, admin, others }) => [
      ...['--listen', `127.0.0.1:${data}`, '--admin-listen', `127.0.0.1:${admin}`],
      ...['--upstream', `redis://127.0.0.1:${others}`, '--timeout', '500ms'],
    ],
    admin: [...usual, '/status'],
    data: [],
  },
];

/** A missing value that a program printed by mistake. */
const hole = /\b(?:NaN|undefined|null|-?Infinity)\b|\[object |9223372036/i;
/** JSON's `null`, where the READMEs document it. */
const documented = /"(?:latencyMs|lastScrapedAt)":null/g;

function holesOf(text: string): readonly string[] {
  const lines = text.replace(documented, '').split('\n');
  return lines.filter((line) => !line.startsWith('# HELP') && hole.test(line));
}

/** Paths that may answer 503 at first: readiness, and those that need Redis. */
const mayBeUnready = /^\/(?:readyz|-\/ready|api\/views|api\/cache\/a)$/;

interface FirstAnswer {
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

/** Asks, even before the port is open, until something answers. */
async function firstAnswer(port: number, path: string, accept: string): Promise<FirstAnswer> {
  for (let tries = 0; ; tries++) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } });
      if (path !== '/events' && path !== '/picture')
        return { path, status: response.status, text: await response.text() };
      for await (const chunk of response.body ?? [])
        return { path, status: response.status, text: Buffer.from(chunk).toString() };
    } catch (error) {
      // a minute on any machine
      if (tries > 6000) throw error;
      await delay(10);
    }
  }
}

function startBundle(name: string, args: readonly string[]): RunningProgram {
  const file = join(import.meta.dirname, `../../packages/${name}/dist/${name}.js`);
  return new RunningProgram(process.execPath, [file, ...args], { LOG_FORMAT: 'json' });
}

function expectWhole({ path, status, text }: FirstAnswer): void {
  const isFine = status < 500 || (status === 503 && mayBeUnready.test(path));
  expect(isFine, `${path} was answered with ${status}: ${text}`).toBe(true);
  expect(holesOf(text), path).toEqual([]);
}

/** No server listens on port 1. */
const nobody = { port: 1, [Symbol.asyncDispose]: async () => {} };

describe.each([
  ['no other program runs', async () => nobody],
  ['all other programs hang', () => SilentServer.start()],
] as const)('the very first answers while %s', (_, startOthers) => {
  it.each(services)('of $name are whole: no 5xx, nothing undefined', async ({ name, args, admin, data }) => {
    await using others = await startOthers();
    using folder = tempDir();
    writeFileSync(folder.file('app.log'), 'one line\n');
    const place = {
      folder: folder.path,
      data: await freePort(),
      admin: await freePort(),
      others: others.port,
    };
    await using program = startBundle(name, args(place));
    const ask = (accept: string) =>
      Promise.all([
        ...admin.map((path) => firstAnswer(place.admin, path, accept)),
        ...data.map((path) => firstAnswer(place.data, path, accept)),
      ]);
    for (const answer of await ask('text/html')) expectWhole(answer);
    await program.waitForLog('started');
    // twice in a row: between two scrapes there may be no new measurement
    for (const accept of ['text/html', '*/*']) for (const answer of await ask(accept)) expectWhole(answer);
    expect(program.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('of the ambassador to a client are errors with a reason', async () => {
    await using others = await startOthers();
    const [service] = services.filter(({ name }) => name === 'redis-ambassador');
    const place = { folder: '', data: await freePort(), admin: await freePort(), others: others.port };
    await using program = startBundle('redis-ambassador', service?.args(place) ?? []);
    await program.waitForLog('listening');
    const client = connect(place.data, '127.0.0.1').setEncoding('latin1');
    client.write('PING\r\nGET a\r\nSET a 1\r\nHELLO 3\r\nQUIT\r\n');
    const replies = (await client.toArray()).join('');
    expect(replies).toMatch(/^-/);
    expect(holesOf(replies)).toEqual([]);
  });

  it('of wait-for, stopped before its first try has ended or long after, name every target', async () => {
    await using others = await startOthers();
    using folder = tempDir();
    const targets = [`redis://127.0.0.1:${others.port}`, `http://127.0.0.1:${others.port}/`];
    for (const more of [
      ['--timeout', '1ms'],
      ['--once', '--timeout', '300ms'],
      ['--format', 'json', '--timeout', '1ms'],
    ]) {
      const files = ['--report', folder.file('report'), '--termination-log', folder.file('log')];
      await using program = startBundle('wait-for', [...more, ...files, ...targets]);
      await program.ended;
      const said = [program.stdout, ...program.stderr, readFileSync(folder.file('report'), 'utf8')];
      expect(holesOf(said.join('\n'))).toEqual([]);
      expect(JSON.parse(readFileSync(folder.file('report'), 'utf8'))).toMatchObject({
        targets: [{ tries: expect.any(Number) }, { tries: expect.any(Number) }],
      });
    }
  });
});
