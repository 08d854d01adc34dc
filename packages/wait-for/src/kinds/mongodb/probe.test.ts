import { writeFileSync } from 'node:fs';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { SilentServer } from '@pod-patterns/kit/testing/silent-server';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { DnsServer } from '../../../testing/dns-server.ts';
import { FakeServer } from '../../../testing/fake-server.ts';
import { encodeBson } from './bson.ts';

/** A member that answers hello with this. */
function member(document: Readonly<Record<string, number | string>>) {
  const body = encodeBson(document);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(2013, 12);
  return FakeServer.start(undefined, (_, socket) => socket.write(Buffer.concat([head, body])));
}

describe('mongodb with several hosts', () => {
  it('is ready when one of them is, whatever the others do', async () => {
    await using silent = await SilentServer.start();
    await using good = await member({ ok: 1 });
    const url = `mongodb://127.0.0.1:${await freePort()},127.0.0.1:${silent.port},127.0.0.1:${good.port}/db`;
    expect(await tryOnce(url, { timeoutMs: 20_000 })).toEqual({
      ok: true,
      detail: `127.0.0.1:${good.port} answers hello`,
    });
  });

  it('hangs up on the others', async () => {
    const closed: string[] = [];
    await using slow = await FakeServer.start((socket) => socket.on('close', () => closed.push('slow')));
    await using good = await member({ ok: 1 });
    await tryOnce(`mongodb://127.0.0.1:${slow.port},127.0.0.1:${good.port}`, { timeoutMs: 20_000 });
    await expect.poll(() => closed, { timeout: 10_000 }).toEqual(['slow']);
  });

  it('gives the reasons of all hosts that answer', async () => {
    await using bad = await member({ ok: 0, errmsg: 'not yet' });
    const refusing = await freePort();
    expect(await tryOnce(`mongodb://127.0.0.1:${refusing},127.0.0.1:${bad.port}`)).toMatchObject({
      reason: 'not-ready',
      detail: `127.0.0.1:${bad.port}: hello fails: not yet`,
    });
    expect(await tryOnce(`mongodb://127.0.0.1:${refusing},localhost:${refusing}`)).toMatchObject({
      reason: 'refused',
    });
  });
});

describe('mongodb+srv', () => {
  async function named(srv: readonly string[]) {
    const dns = await DnsServer.start((name, type) => {
      if (name.endsWith('.invalid')) return { a: ['127.0.0.1'] };
      return name === '_mongodb._tcp.set.example.net' && type === 'srv' ? { srv } : 'no such name';
    });
    const dir = tempDir();
    writeFileSync(dir.file('resolv.conf'), `nameserver ${dns.address}\n`);
    return {
      ask: (url: string) => tryOnce(url, { resolvConf: dir.file('resolv.conf'), timeoutMs: 20_000 }),
      [Symbol.asyncDispose]: async () => {
        dir[Symbol.dispose]();
        await dns[Symbol.asyncDispose]();
      },
    };
  }

  it('asks the members that DNS names', async () => {
    await using good = await member({ ok: 1 });
    await using here = await named([`m1.invalid:${await freePort()}`, `m2.invalid:${good.port}`]);
    expect(await here.ask('mongodb+srv://u:p@set.example.net/?tls=false')).toMatchObject({ ok: true });
  });

  it('uses TLS unless the URL disables it', async () => {
    await using good = await member({ ok: 1 });
    await using here = await named([`m.invalid:${good.port}`]);
    expect(await here.ask('mongodb+srv://set.example.net')).toMatchObject({
      reason: expect.stringMatching(/^(tls-protocol|timeout)$/),
    });
  });

  it('is not found if DNS has no members', async () => {
    await using here = await named(['.:0']);
    expect(await here.ask('mongodb+srv://set.example.net')).toMatchObject({ reason: 'dns-not-found' });
    expect(await here.ask('mongodb+srv://other.example.net')).toMatchObject({ reason: 'dns-not-found' });
  });
});
