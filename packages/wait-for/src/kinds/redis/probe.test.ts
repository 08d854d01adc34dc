import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { FakeServer } from '../../../testing/fake-server.ts';

/** A server that sends these replies in turn to any command. */
function replying(...replies: readonly string[]) {
  const left = [...replies];
  return FakeServer.start(undefined, (_, socket) => socket.write(left.shift() ?? ''));
}

describe('redis', () => {
  it.each([
    ['-LOADING Redis is loading the dataset in memory', 'loading'],
    ['-MASTERDOWN Link with MASTER is down', 'not-ready'],
    ['-BUSY Redis is busy running a script', 'not-ready'],
    ['-CLUSTERDOWN The cluster is down', 'not-ready'],
    ['-ERR max number of clients reached', 'not-ready'],
    ['-NOAUTH Authentication required.', 'auth'],
    ['-WRONGPASS invalid username-password pair', 'auth'],
    ['-ERR invalid password', 'auth'],
    ['-ERR AUTH <password> called without any password configured', 'auth'],
    ["-NOPERM this user has no permissions to run the 'ping' command", 'denied'],
    ['-DENIED Redis is running in protected mode', 'denied'],
    ['+OK', 'mismatch'],
    ['HTTP/1.1 400 Bad Request', 'mismatch'],
  ])('%s means %s', async (reply, reason) => {
    await using server = await replying(`${reply}\r\n`);
    expect(await tryOnce(`redis://127.0.0.1:${server.port}`)).toMatchObject({ ok: false, reason });
  });

  it('logs in, pings, chooses the database, looks for keys and asks the role, in this order', async () => {
    await using server = await replying(
      '+OK\r\n',
      '+PONG\r\n',
      '+OK\r\n',
      ':1\r\n',
      '*3\r\n$6\r\nmaster\r\n:3129659\r\n*0\r\n',
    );
    const outcome = await tryOnce(`redis://me:p%40ss@127.0.0.1:${server.port}/3 role=master key=done`);
    expect(outcome).toEqual({ ok: true, detail: `127.0.0.1:${server.port} answers PONG` });
    const words = server.received
      .toString()
      .split('\r\n')
      .filter((word) => !/^[*$]\d+$/.test(word));
    expect(words.join(' ').trim()).toBe('AUTH me p@ss PING SELECT 3 EXISTS done ROLE');
  });

  it.each([
    ['role=master', '*5\r\n$5\r\nslave\r\n', 'mismatch', 'its role is replica, not master'],
    ['key=done', ':0\r\n', 'missing', 'key done does not exist'],
  ])('%s is not met', async (key, reply, reason, words) => {
    await using server = await replying('+PONG\r\n', reply);
    expect(await tryOnce(`redis://127.0.0.1:${server.port} ${key}`)).toMatchObject({
      reason,
      detail: `127.0.0.1:${server.port}: ${words}`,
    });
  });

  it('reads a reply that arrives byte by byte', async () => {
    await using server = await FakeServer.start(undefined, async (_, socket) => {
      socket.setNoDelay(true);
      for (const byte of Buffer.from('$4\r\nPONG\r\n')) {
        await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
      }
    });
    expect(await tryOnce(`redis://127.0.0.1:${server.port}`)).toMatchObject({ ok: true });
  });

  it('reports a reset if the server hangs up, and a timeout if it is silent', async () => {
    await using rude = await FakeServer.start((socket) => socket.end());
    await using silent = await FakeServer.start();
    expect(await tryOnce(`redis://127.0.0.1:${rude.port}`)).toMatchObject({ reason: 'reset' });
    expect(await tryOnce(`redis://127.0.0.1:${silent.port}`, { timeoutMs: 1500 })).toMatchObject({
      reason: 'timeout',
      detail: `connected to 127.0.0.1:${silent.port}, but no answer to PING`,
    });
  });

  it('stops reading a reply that never ends', async () => {
    await using server = await FakeServer.start((socket) => socket.write(`+${'x'.repeat(200_000)}`));
    expect(await tryOnce(`redis://127.0.0.1:${server.port}`)).toMatchObject({
      reason: 'mismatch',
      detail: expect.stringContaining('does not end'),
    });
  });
});
