import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { startProgram } from '@pod-patterns/kit/testing/program';
import { RedisServer, redisServerBinary } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');

async function run(args: readonly string[], env: Record<string, string | undefined> = {}) {
  await using program = startProgram(main, args, env);
  const end = await program.ended;
  return { ...end, stdout: program.stdout, stderr: program.stderr, log: program.log };
}

/** A TCP server that accepts and says nothing, on a port of its own. */
async function listener(port = 0): Promise<AsyncDisposable & { port: number }> {
  const server = createServer((socket) => socket.on('error', () => {})).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as { port: number }; // a TCP server has one
  return {
    port: taken,
    [Symbol.asyncDispose]: async () => {
      server.close();
    },
  };
}

describe('wait-for', () => {
  it('ends with 0 once a server that comes up late accepts', async () => {
    const port = await freePort();
    await using program = startProgram(main, [`tcp://127.0.0.1:${port}`, '--format', 'json']);
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'refused' });
    await using _ = await listener(port);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.log.at(-1)).toMatchObject({
      msg: 'summary',
      component: 'wait-for',
      result: 'ready',
      targets: [{ target: `tcp://127.0.0.1:${port}`, state: 'ready' }],
    });
  });

  it('ends with 124 at the timeout and leaves the reason in the termination log', async () => {
    using dir = tempDir();
    const file = dir.file('termination-log');
    const { code } = await run(['tcp://127.0.0.1:1', '--timeout', '300ms', '--termination-log', file]);
    expect(code).toBe(124);
    expect(readFileSync(file, 'utf8')).toMatch(/^wait-for: timed out after .*refused: 127\.0\.0\.1:1/);
  });

  it.each([
    [['tcp://x'], 'target 1, column 1: tcp://x: has no port'],
    [[], 'expected a target'],
    [['tcp://x:1 timeot=1s'], 'did you mean timeout?'],
    [['--timout=1s', 'tcp://x:1'], 'did you mean --timeout?'],
  ])('ends with 2 for %j', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr.join('\n')).toContain(message);
  });

  it('replaces itself by the command, which keeps the process id', async () => {
    await using server = await listener();
    await using program = startProgram(main, [
      `tcp://127.0.0.1:${server.port}`,
      '--',
      'sh',
      '-c',
      'echo $$ "$1"; exit 7',
      'sh',
      'a b',
    ]);
    const { pid } = program;
    expect(await program.ended).toEqual({ code: 7, signal: null });
    expect(program.stdout).toBe(`${pid} a b\n`);
  });

  it('waits for a file', async () => {
    using dir = tempDir();
    await using program = startProgram(main, [`file:${dir.file('x')} min-bytes=3`, '--format=json']);
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'missing' });
    writeFileSync(dir.file('x'), 'abc');
    expect(await program.ended).toMatchObject({ code: 0 });
  });

  it('ends with 128 + n at a signal', async () => {
    await using program = startProgram(main, ['tcp://127.0.0.1:1', '--format=json']);
    await program.waitForLog('waiting');
    expect(await program.stop('SIGINT')).toEqual({ code: 130, signal: null });
  });
});

describe.skipIf(redisServerBinary() === undefined)('redis', () => {
  it.each([
    ['redis://127.0.0.1:PORT/3 role=master', 0, 'ready'],
    ['redis://:wrong@127.0.0.1:PORT', 3, 'auth'],
    ['redis://127.0.0.1:PORT role=replica', 124, 'mismatch'],
    ['redis://127.0.0.1:PORT key=x', 124, 'missing'],
  ])('%s ends with %i', async (line, code, word) => {
    await using server = await RedisServer.start();
    const { code: found, stderr } = await run([line.replace('PORT', String(server.port)), '--timeout=400ms']);
    expect(found).toBe(code);
    expect(stderr.join('\n')).toContain(word);
  });
});
