import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { deadMounts, pidOf, startBesideDeadMount } from '../testing/dead-mount.ts';
import { DnsServer } from '../testing/dns-server.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { run, start } from '../testing/run.ts';

/** No dependency delays wait-for beyond its deadline: silent name servers, pipes, dead mounts. */

/** Means "at once"; each of these used to delay it for 10 s or more. */
const atOnceMs = 5000;

/** Whether a process has started file operations, for which it has many threads. */
function asksForFiles(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).length > 30;
}

/** A resolv.conf whose server is silent. */
async function silentNames() {
  const dns = await DnsServer.start(() => 'drop');
  const dir = tempDir();
  writeFileSync(dir.file('resolv.conf'), `nameserver ${dns.address}\nsearch shop.svc svc\noptions ndots:5\n`);
  return {
    dns,
    args: ['--resolv-conf', dir.file('resolv.conf')],
    [Symbol.asyncDispose]: async () => {
      dir[Symbol.dispose]();
      await dns[Symbol.asyncDispose]();
    },
  };
}

describe('a silent DNS server', () => {
  it('does not delay the timeout', async () => {
    await using names = await silentNames();
    const startedAt = performance.now();
    const ran = await run(['tcp://redis:6379 timeout=1h', '--timeout=1s', ...names.args]);
    expect(ran).toMatchObject({ code: 124 });
    expect(ran.log.at(-1)).toMatchObject({ targets: [{ reason: 'dns-failed' }] });
    expect(ran.stderr.join('\n')).toContain(`no answer from the DNS server ${names.dns.address} for redis`);
    expect(performance.now() - startedAt).toBeLessThan(1000 + atOnceMs);
  });

  it.each([[['tcp://redis:6379 timeout=1h']], [['tcp://redis:6379 timeout=1h', '--explain']]])(
    'does not delay SIGTERM: %j',
    async (line) => {
      await using names = await silentNames();
      await using program = start([...line, ...names.args]);
      await eventually(() => names.dns.questions.length > 0);
      const stoppedAt = performance.now();
      expect(await program.stop()).toEqual({ code: 143, signal: null });
      expect(performance.now() - stoppedAt).toBeLessThan(atOnceMs);
    },
  );

  it('does not delay a permanent failure', async () => {
    await using names = await silentNames();
    await using closed = await FakeServer.start((socket) => socket.end('-NOAUTH\r\n'));
    const startedAt = performance.now();
    const ran = await run(['tcp://redis:6379 timeout=1h', `redis://127.0.0.1:${closed.port}`, ...names.args]);
    expect(ran).toMatchObject({ code: 3 });
    expect(performance.now() - startedAt).toBeLessThan(atOnceMs);
  });

  it('does not delay targets that need no DNS, for any number of names', async () => {
    await using names = await silentNames();
    await using server = await FakeServer.start();
    const silent = Array.from({ length: 12 }, (_, index) => `tcp://name-${index}:1 timeout=1h optional`);
    const ran = await run([...silent, `tcp://localhost:${server.port}`, '--timeout=30s', ...names.args]);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.log.find(({ target }) => String(target).includes('localhost'))).toMatchObject({
      state: 'ready',
      try: 1,
    });
  });

  it('does not delay the command', async () => {
    await using names = await silentNames();
    await using server = await FakeServer.start();
    const startedAt = performance.now();
    const ran = await run([
      'tcp://redis:6379 timeout=1h optional',
      `tcp://127.0.0.1:${server.port}`,
      ...names.args,
      '--',
      'echo',
      'hello',
    ]);
    expect(ran).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(performance.now() - startedAt).toBeLessThan(atOnceMs);
  });
});

describe('a pipe without a writer or reader', () => {
  function pipe() {
    const dir = tempDir();
    execFileSync('mkfifo', [dir.file('pipe')]);
    return { path: dir.file('pipe'), [Symbol.dispose]: () => dir[Symbol.dispose]() };
  }

  it.each(['file:PIPE json:/a', 'http://127.0.0.1:1 header=A:@PIPE', 'tls://127.0.0.1:1 ca=PIPE'])(
    'delays nothing as %s',
    async (line) => {
      using fifo = pipe();
      const startedAt = performance.now();
      const ran = await run([line.replace('PIPE', fifo.path), '--timeout=500ms']);
      expect(ran).toMatchObject({ code: 124 });
      expect(performance.now() - startedAt).toBeLessThan(500 + atOnceMs);
    },
  );

  it('as a list of targets does not delay the timeout or SIGTERM', async () => {
    using fifo = pipe();
    const startedAt = performance.now();
    expect(await run(['--file', fifo.path, '--timeout=500ms'])).toMatchObject({
      code: 124,
      stderr: [`wait-for: --file ${fifo.path}: not read within the timeout`],
    });
    expect(performance.now() - startedAt).toBeLessThan(500 + atOnceMs);
    await using program = start(['--file', fifo.path]);
    await eventually(() => asksForFiles(program.pid));
    expect(await program.stop()).toMatchObject({ code: 143 });
  });

  it('can still provide a list of targets', async () => {
    using fifo = pipe();
    await using program = start(['--file', fifo.path]);
    writeFileSync(fifo.path, 'targets: ["file:/"]');
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  it.each(['termination-log', 'report'])('as --%s does not delay the end', async (option) => {
    using fifo = pipe();
    const startedAt = performance.now();
    await using program = start(['file:/', `--${option}`, fifo.path]);
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(program.stderr.at(-1)).toMatch(new RegExp(`^wait-for: --${option} .*pipe: ENXIO`));
    expect(performance.now() - startedAt).toBeLessThan(atOnceMs);
  });
});

describe('a dead mount', needs(deadMounts), () => {
  it.each([
    ['file:DIR/x'],
    ['file:/ newer-than=DIR/x'],
    ['http://127.0.0.1:1 header=A:@DIR/token'],
    ['tls://127.0.0.1:PORT ca=DIR/ca.pem'],
    ['unix:DIR/socket'],
  ])('does not delay the timeout of %s', async (line) => {
    using dir = tempDir();
    await using server = await FakeServer.start();
    const target = line.replace('DIR', dir.path).replace('PORT', String(server.port));
    const startedAt = performance.now();
    await using program = startBesideDeadMount(dir.path, [target, '--timeout=500ms']);
    expect(await program.ended).toEqual({ code: 124, signal: null });
    expect(program.log.at(-1)).toMatchObject({ result: 'timed-out', targets: [{ reason: 'timeout' }] });
    expect(performance.now() - startedAt).toBeLessThan(500 + atOnceMs);
  });

  it('does not delay SIGTERM, even as a list of targets', async () => {
    using dir = tempDir();
    await using waiting = startBesideDeadMount(dir.path, [`file:${dir.file('x')}`, 'tcp://127.0.0.1:1']);
    await waiting.waitForLog('waiting');
    process.kill(await pidOf(waiting), 'SIGTERM');
    expect(await waiting.ended).toEqual({ code: 143, signal: null });
    await using reading = startBesideDeadMount(dir.path, ['--file', dir.file('x'), '--timeout=500ms']);
    expect(await reading.ended).toEqual({ code: 124, signal: null });
  });

  it.each(['termination-log', 'report'])('with the file of --%s does not delay the end', async (option) => {
    using dir = tempDir();
    await using program = startBesideDeadMount(dir.path, ['file:/', `--${option}`, dir.file('x')]);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stderr.at(-1)).toContain('not written within 1s');
  });

  it('does not delay targets elsewhere, or the command', async () => {
    using dir = tempDir();
    await using server = await FakeServer.start();
    const dead = Array.from(
      { length: 8 },
      (_, index) => `file:${dir.file(String(index))} optional timeout=1h`,
    );
    const live = [`tcp://localhost:${server.port}`, 'file:/etc/hosts'];
    const command = ['--', 'sh', '-c', 'echo "hello $UV_THREADPOOL_SIZE"'];
    await using program = startBesideDeadMount(dir.path, [...dead, ...live, '--timeout=30s', ...command]);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.stdout).toBe('hello \n');
  });
});

describe('a body that an expression matches slowly', () => {
  const evil = 'body~=^(a+)+$';
  const answering = () =>
    FakeServer.start(undefined, (_, socket) => {
      const body = `${'a'.repeat(40)}!`;
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });

  const many = (port: number) =>
    Array.from({ length: 60 }, (_, index) => `http://127.0.0.1:${port}/${index} ${evil}`);

  it('does not delay the timeout, for any number of targets', async () => {
    await using web = await answering();
    const startedAt = performance.now();
    expect(await run([...many(web.port), '--timeout=2s'])).toMatchObject({ code: 124 });
    expect(performance.now() - startedAt).toBeLessThan(2000 + atOnceMs);
  });

  it('does not delay other targets, for any number of such bodies', async () => {
    await using web = await answering();
    await using server = await FakeServer.start();
    const other = `tcp://127.0.0.1:${server.port} name=other stable=3`;
    await using program = start([...many(web.port), other]);
    await program.waitForLog('ready', { where: ({ target }) => target === 'other' });
    expect(await program.stop()).toEqual({ code: 143, signal: null });
  });

  it('does not delay SIGTERM', async () => {
    await using web = await answering();
    await using program = start([`http://127.0.0.1:${web.port}/ ${evil} interval=1ms max-interval=1ms`]);
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'http-body' });
    const stoppedAt = performance.now();
    expect(await program.stop()).toEqual({ code: 143, signal: null });
    expect(performance.now() - stoppedAt).toBeLessThan(atOnceMs);
  });
});
