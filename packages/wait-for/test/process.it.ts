import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { installed, type Need, needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { startBlackhole } from '../testing/blackhole.ts';
import { DnsServer } from '../testing/dns-server.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { main, run, start } from '../testing/run.ts';

/** wait-for as a process: signals and the command after `--`. */

/** The machine may be loaded; this means "at once", not "after the try, the pause or the timeout". */
const atOnceMs = 2000;

describe('a signal', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s ends it with %i at once, and is reported', async (signal, code) => {
    await using hole = await startBlackhole();
    await using program = start([
      `tcp://127.0.0.1:${hole.port} timeout=1h name=hole`,
      'tcp://127.0.0.1:1 interval=1h max-interval=1h',
    ]);
    await program.waitForLog('waiting');
    const startedAt = performance.now();
    expect(await program.stop(signal)).toEqual({ code, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(atOnceMs);
    expect(program.log.at(-1)).toMatchObject({
      msg: 'summary',
      result: 'stopped',
      targets: [
        { target: 'hole', state: 'waiting', reason: 'timeout' },
        { state: 'waiting', reason: 'refused' },
      ],
    });
  });

  it('takes effect during a DNS lookup without an answer', async () => {
    await using dns = await DnsServer.start(() => 'drop');
    await using program = start([`dns:redis server=${dns.address} timeout=1h`, 'tcp://127.0.0.1:1']);
    await program.waitForLog('waiting');
    await eventually(() => dns.questions.length > 0);
    expect(await program.stop()).toMatchObject({ code: 143 });
  });

  it('that comes twice ends it without another line', async () => {
    await using program = start(['tcp://127.0.0.1:1']);
    await program.waitForLog('waiting');
    program.process.kill('SIGTERM');
    program.process.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 143 });
  });
});

const prlimit = installed('prlimit');
const unshare = installed('unshare');
// a machine may forbid new namespaces
const namespaces: Need = {
  name: 'the right to make namespaces',
  isMet: spawnSync(unshare.path, ['--pid', '--fork', 'true']).status === 0,
};

describe('as PID 1', needs(unshare, namespaces), () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('handles %s, which PID 1 ignores by default, and ends with %i', async (signal, code) => {
    const script = `echo $$ >&2; exec "$@"`;
    const inside = ['sh', '-c', script, 'sh', process.execPath, main, 'tcp://127.0.0.1:1', '--format=json'];
    await using program = new RunningProgram(unshare.path, ['--pid', '--fork', ...inside]);
    await program.waitForLog('waiting');
    expect(program.stderr[0]).toBe('1');
    const [child] = readFileSync(`/proc/${program.pid}/task/${program.pid}/children`, 'utf8')
      .trim()
      .split(' ');
    const startedAt = performance.now();
    process.kill(Number(child), signal);
    expect(await program.ended).toEqual({ code, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(atOnceMs);
  });
});

describe('the command after --', () => {
  it('replaces the process: same id, its arguments, its exit code', async () => {
    await using server = await FakeServer.start();
    await using program = start([
      `tcp://127.0.0.1:${server.port}`,
      '--',
      'sh',
      '-c',
      'echo $$ "$0" "$1"; exit 7',
      'a b',
      '--quiet',
    ]);
    expect(await program.ended).toEqual({ code: 7, signal: null });
    expect(program.stdout).toBe(`${program.pid} a b --quiet\n`);
  });

  it('gets the signals itself', async () => {
    await using server = await FakeServer.start();
    const script = 'trap "echo stopped; exit 5" TERM; echo up; while :; do sleep 0.05; done';
    await using program = start([`tcp://127.0.0.1:${server.port}`, '--', 'sh', '-c', script]);
    await eventually(() => program.stdout.includes('up'));
    expect(await program.stop()).toEqual({ code: 5, signal: null });
    expect(program.stdout).toBe('up\nstopped\n');
  });

  it('starts with the environment, no ignored signals and no inherited files', async () => {
    await using server = await FakeServer.start();
    const script = 'echo "$GREETING"; grep -E "^Sig(Ign|Cgt|Blk)" /proc/self/status; ls /proc/self/fd';
    const args = [`tcp://127.0.0.1:${server.port}`, '--', 'sh', '-c', script];
    const ran = await run(args, { GREETING: 'hello' });
    const plain = spawnSync('sh', ['-c', script], {
      encoding: 'utf8',
      env: { ...process.env, GREETING: 'hello' },
    });
    expect(ran.stdout).toBe(plain.stdout);
  });

  it.each(['prlimit', 'sh'])(
    'has the open-file limit that wait-for was given, not the one that Node raised: by %s',
    needs(prlimit),
    async (by) => {
      using dir = tempDir();
      for (const name of ['sh', ...(by === 'prlimit' ? ['prlimit'] : [])]) {
        symlinkSync(installed(name).path, dir.file(name));
      }
      // more commands follow, so the shell stays as the parent that passes on its limits
      const line = `${process.execPath} ${main} file:/ --quiet -- sh -c 'ulimit -Sn; ulimit -Hn'; true`;
      const ran = spawnSync(prlimit.path, ['--nofile=300:4000', 'sh', '-c', line], {
        encoding: 'utf8',
        env: { ...process.env, PATH: dir.path },
      });
      expect(ran.stdout).toBe('300\n4000\n');
    },
  );

  it('leaves the termination log to the command, and still writes a report', async () => {
    await using server = await FakeServer.start();
    const ran = await run([`tcp://127.0.0.1:${server.port}`, '--', 'true']);
    expect(ran).toMatchObject({ code: 0, terminationLog: '' });
    expect(JSON.parse(ran.report)).toMatchObject({ result: 'ready' });
  });

  it('is never run before all targets are ready', async () => {
    const late = await run(['tcp://127.0.0.1:1', '--timeout=100ms', '--', 'echo', 'hello']);
    expect(late).toMatchObject({ code: 124, stdout: '' });
    const once = await run(['tcp://127.0.0.1:1', '--once', '--', 'echo', 'hello']);
    expect(once).toMatchObject({ code: 124, stdout: '' });
    await using server = await FakeServer.start((socket) => socket.end('-NOAUTH\r\n'));
    const failed = await run([`redis://127.0.0.1:${server.port}`, '--', 'echo', 'hello']);
    expect(failed).toMatchObject({ code: 3, stdout: '' });
    await using stopped = start(['tcp://127.0.0.1:1', '--', 'echo', 'hello']);
    await stopped.waitForLog('waiting');
    await stopped.stop();
    expect(stopped.stdout).toBe('');
  });

  it.each([
    ['no-such-command', 127, 'no-such-command: command not found'],
    ['/nowhere/command', 127, '/nowhere/command: no such file'],
    ['/', 126, '/: not a regular file'],
    ['DIR/not-executable', 126, 'permission denied'],
    ['DIR/no-program', 126, 'not an executable for this machine'],
    ['DIR/no-interpreter', 126, 'needs /nowhere/sh, which is missing'],
  ])('%s cannot be started: %i', async (command, code, words) => {
    using dir = tempDir();
    await using server = await FakeServer.start();
    writeFileSync(dir.file('not-executable'), '#!/bin/sh\n', { mode: 0o644 });
    writeFileSync(dir.file('no-program'), 'echo hello\n');
    writeFileSync(dir.file('no-interpreter'), '#!/nowhere/sh\n');
    chmodSync(dir.file('no-program'), 0o755);
    chmodSync(dir.file('no-interpreter'), 0o755);
    const ran = await run([`tcp://127.0.0.1:${server.port}`, '--', command.replace('DIR', dir.path)]);
    expect(ran.code).toBe(code);
    expect(ran.stderr.at(-1)).toContain(words);
  });
});

it('ends normally if nobody reads its output', async () => {
  const script = `"$@" 2>&1 >/dev/null | true; exit \${PIPESTATUS[0]}`;
  const ended = spawnSync(
    'bash',
    ['-c', script, 'bash', process.execPath, main, 'tcp://127.0.0.1:1', '--once'],
    { stdio: 'ignore' },
  );
  expect(ended.status).toBe(124);
});
