import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { bulk, RawConnection } from './support/raw-connection.ts';

const nutcracker = installed('nutcracker');

/** The pool of the README's guide and its URL, without ejection: a busy machine must not eject a server. */
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  .replace(/^ {2}timeout: \d+$/m, '  timeout: 60000')
  .replace('auto_eject_hosts: true', 'auto_eject_hosts: false')
  .replace('auto_eject=1&', 'auto_eject=0&');
const pool = /```yaml\n(pool:\n.*?)```/s.exec(readme)?.[1] ?? '';
const url = /- --upstream=(redis-ring:\S+)/.exec(readme)?.[1] ?? '';

/** Real servers in place of the guide's, and a twemproxy in front of them. */
class Twemproxy implements AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly #resources: AsyncDisposableStack;

  private constructor(port: number, at: string, resources: AsyncDisposableStack) {
    this.port = port;
    this.url = at;
    this.#resources = resources;
  }

  static async start(): Promise<Twemproxy> {
    await using resources = new AsyncDisposableStack();
    const servers: RedisServer[] = [];
    for (const _ of [1, 2]) servers.push(resources.use(await RedisServer.start(['--requirepass', 'secret'])));
    const here = (text: string) =>
      servers.reduce(
        (so, { port }, index) => so.replace(`10.0.0.${index + 1}:6379`, `127.0.0.1:${port}`),
        text,
      );
    const [port, stats] = [await freePort(), await freePort()];
    const config = resources.use(tempDir()).file('nutcracker.yml');
    writeFileSync(config, here(pool).replace('127.0.0.1:6379', `127.0.0.1:${port}`));
    const flags = ['-c', config, '-s', String(stats), '-a', '127.0.0.1'];
    const proxy: ChildProcess = spawn(nutcracker.path, flags, { stdio: 'ignore' });
    const ended = once(proxy, 'exit');
    resources.defer(async () => {
      proxy.kill();
      await ended;
    });
    return new Twemproxy(port, here(url), resources.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

describe('the guide from twemproxy', needs(redisServer, nutcracker), () => {
  it("leads to a URL that finds twemproxy's keys, and twemproxy finds the new keys", async () => {
    await using twemproxy = await Twemproxy.start();
    using folder = tempDir();
    writeFileSync(folder.file('clients'), 'secret\n');
    const login = ['--client-auth-file', folder.file('clients')];
    await using ambassador = await Ambassador.start(twemproxy.url, login);
    using before = await eventually(() => RawConnection.open(twemproxy.port));
    using after = await RawConnection.open(ambassador.port);
    for (const client of [before, after]) expect(await client.ask('AUTH', 'secret')).toBe('+OK\r\n');
    const keys = Array.from({ length: 100 }, (_, index) => [`key:${index}`, `{user${index}}:name`]).flat();
    for (const key of keys) {
      expect(await before.ask('SET', key, `old ${key}`)).toBe('+OK\r\n');
      expect(await after.ask('GET', key)).toBe(bulk(`old ${key}`));
      expect(await after.ask('SET', key, `new ${key}`)).toBe('+OK\r\n');
      expect(await before.ask('GET', key)).toBe(bulk(`new ${key}`));
    }
  });
});
