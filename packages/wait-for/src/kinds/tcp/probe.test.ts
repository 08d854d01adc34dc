import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { FakeServer } from '../../../testing/fake-server.ts';

describe('tcp', () => {
  it.each(['tcp', 'tcp4'])('%s is ready when it connects, and hangs up', async (scheme) => {
    await using server = await FakeServer.start();
    expect(await tryOnce(`${scheme}://127.0.0.1:${server.port}`)).toEqual({
      ok: true,
      detail: `connected to 127.0.0.1:${server.port}`,
    });
    expect(server.connectionCount).toBe(1);
  });

  it('is refused if nothing listens, and names the address', async () => {
    const port = await freePort();
    expect(await tryOnce(`tcp://localhost:${port}`)).toMatchObject({
      reason: 'refused',
      detail: expect.stringContaining(`127.0.0.1:${port} refused the connection`),
    });
  });

  it('finds a server that listens on one of the addresses of localhost only', async () => {
    await using server = await FakeServer.start();
    expect(await tryOnce(`tcp://localhost:${server.port}`)).toMatchObject({ ok: true });
  });

  it('connects to a name over the family of the scheme', async () => {
    await using server = await FakeServer.start();
    expect(await tryOnce(`tcp4://localhost:${server.port}`)).toEqual({
      ok: true,
      detail: `connected to 127.0.0.1:${server.port}`,
    });
    expect(await tryOnce(`tcp6://localhost:${server.port}`)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('[::1]'),
    });
  });

  it('reads an IPv6 literal', async () => {
    const outcome = await tryOnce('tcp://[::1]:1');
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringMatching(/^(refused|unreachable)$/) });
    expect(outcome.detail).toContain('[::1]:1');
  });

  it('reports a name that does not exist', async () => {
    const outcome = await tryOnce('tcp://no-such-name.invalid:1');
    // without a DNS server, the machine cannot know that the name does not exist
    expect(outcome).toMatchObject({ reason: expect.stringMatching(/^dns-(not-found|failed)$/) });
    expect(outcome.detail).toContain('no-such-name.invalid');
  });
});

describe('unix', () => {
  it('is ready when it connects', async () => {
    using dir = tempDir();
    const server = createServer().listen(dir.file('socket'));
    await once(server, 'listening');
    expect(await tryOnce(`unix:${dir.file('socket')}`)).toMatchObject({ ok: true });
    server.close();
  });

  it('is missing, or refused by a file that is not a socket', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('file'), '');
    chmodSync(dir.file('file'), 0o600);
    expect(await tryOnce(`unix:${dir.file('none')}`)).toMatchObject({
      reason: 'missing',
      detail: `${dir.file('none')} does not exist`,
    });
    expect(await tryOnce(`unix:${dir.file('file')}`)).toMatchObject({ reason: 'refused' });
  });
});
