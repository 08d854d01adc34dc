import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { RawConnection } from '../../packages/redis-ambassador/test/support/raw-connection.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { RedisFiles } from './redis-files.ts';

/** k8s/backends/redis/reload.sh beside a real Redis, with Secrets that are changed as the kubelet does it. */
class ReloadingRedis implements AsyncDisposable {
  readonly files: RedisFiles;
  readonly port: number;
  readonly #resources: AsyncDisposableStack;
  readonly #loop: ChildProcess;
  /** Output of the loop. */
  log = '';

  private constructor(resources: AsyncDisposableStack, files: RedisFiles, port: number) {
    this.#resources = resources;
    this.files = files;
    this.port = port;
    const env = { ...process.env, ROOT: files.root, EVERY: '0.1' };
    // its own process group, so that the child of the shell ends with it
    this.#loop = spawn('sh', [files.path('etc/redis/reload.sh')], { env, detached: true });
    for (const stream of [this.#loop.stdout, this.#loop.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  /** Starts the loop as the command of the StatefulSet does. */
  static async start(files: RedisFiles, args: readonly string[] = []): Promise<ReloadingRedis> {
    const resources = new AsyncDisposableStack();
    resources.use(files);
    const aclFile = files.path('run/redis/users.acl');
    writeFileSync(aclFile, files.users().stdout, { mode: 0o600 });
    const socket = ['--unixsocket', files.path('run/redis/redis.sock'), '--unixsocketperm', '700'];
    const redis = await RedisServer.start(['--aclfile', aclFile, ...socket, ...args]);
    resources.use(redis);
    const reloading = new ReloadingRedis(resources, files, redis.port);
    // the first comparison is with the files that Redis started with
    await reloading.says('app: 1 password');
    return reloading;
  }

  /** Runs `reload.sh USER=COUNT`, with a deadline shorter than the test's. */
  expectPasswords(user: string, count: number, deadline = '50') {
    return this.files.run('reload.sh', [`${user}=${count}`], { DEADLINE: deadline });
  }

  /** Reply of Redis to a login. */
  async login(user: string, password: string): Promise<string> {
    using connection = await RawConnection.open(this.port);
    return await connection.ask('AUTH', user, Buffer.from(password));
  }

  /** Resolves when the loop has printed this text. */
  async says(text: string): Promise<void> {
    await eventually(() => this.log.includes(text), { timeoutMs: 50_000 }).catch(() => {
      throw new Error(`reload.sh did not say "${text}" but:\n${this.log}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#loop, 'exit');
    process.kill(-(this.#loop.pid ?? 0), 'SIGKILL');
    await ended;
    await this.#resources.disposeAsync();
  }
}

const ok = '+OK\r\n';
const refused = expect.stringMatching(/^-WRONGPASS /);

async function redisWith(passwords: Readonly<Record<string, string>>): Promise<ReloadingRedis> {
  const files = new RedisFiles();
  files.setPasswords('app', passwords);
  return ReloadingRedis.start(files);
}

const programs = [redisServer, installed('redis-cli')];

describe('passwords of a running Redis', needs(...programs), () => {
  it.each([
    ['plain', 'first', 'second'],
    ['odd bytes', ` a "strange" $pass * word\\n`, `#'>\`x\` ü & ; |`],
  ])(
    'change one after the other, %s: both are valid for a time, then the old one is not',
    async (_, old, next) => {
      await using redis = await redisWith({ password: old });
      expect(await redis.login('app', next)).toEqual(refused);

      redis.files.setPasswords('app', { password: old, next });
      expect(redis.expectPasswords('app', 2)).toMatchObject({ status: 0, stdout: 'app: 2 passwords\n' });
      expect([await redis.login('app', old), await redis.login('app', next)]).toEqual([ok, ok]);

      redis.files.setPasswords('app', { password: next, previous: old });
      redis.files.setPasswords('app', { password: next });
      expect(redis.expectPasswords('app', 1)).toMatchObject({ status: 0, stdout: 'app: 1 password\n' });
      expect([await redis.login('app', old), await redis.login('app', next)]).toEqual([refused, ok]);
      expect(redis.log).not.toMatch(/[0-9a-f]{16}/);
      for (const text of [old, next]) expect(redis.log).not.toContain(text);
    },
  );

  it('accepts a password that is replaced in one go, without any command', async () => {
    await using redis = await redisWith({ password: 'first' });
    redis.files.setPasswords('app', { password: 'second' });
    await eventually(async () => (await redis.login('app', 'second')) === ok, { timeoutMs: 50_000 });
    expect(await redis.login('app', 'first')).toEqual(refused);
  });

  it('reload.sh answers at once if the number of passwords is already right', async () => {
    await using redis = await redisWith({ password: 'first' });
    expect(redis.expectPasswords('app', 1, '0')).toMatchObject({ status: 0, stdout: 'app: 1 password\n' });
  });

  it('reload.sh reports a timeout in one line', async () => {
    await using redis = await redisWith({ password: 'first' });
    expect(redis.expectPasswords('app', 2, '1')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^reload\.sh: app: 1 password after 1 s, not 2\. *\n$/),
    });
  });

  it.each([['app'], ['app='], ['=1'], ['app=two'], ['--help']])(
    'reload.sh refuses the argument %s',
    (argument) => {
      using files = new RedisFiles();
      expect(files.run('reload.sh', [argument])).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^usage: reload\.sh \[USER=COUNT\], not .*\n$/),
      });
    },
  );

  it('keep their values when a file is empty, which is logged once', async () => {
    await using redis = await redisWith({ password: 'first' });
    redis.files.setPasswords('app', { password: 'first', next: '\n' });
    await redis.says('is empty');
    expect(redis.expectPasswords('app', 2, '1')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^reload\.sh: app: 1 password after 1 s, not 2\. .*app\/next is empty\n$/,
      ),
    });
    expect(await redis.login('app', 'first')).toBe(ok);
    expect(redis.log.match(/is empty/g)).toHaveLength(1);

    redis.files.setPasswords('app', { password: 'first', next: 'second' });
    expect(redis.expectPasswords('app', 2).status).toBe(0);
  });

  it('keep their values when Redis refuses the rules', async () => {
    await using redis = await redisWith({ password: 'first' });
    writeFileSync(redis.files.path('etc/redis/users.acl'), 'user default off\nuser app on +no-such-command');
    await redis.says('reload.sh: Redis keeps its users: ERR');
    expect(await redis.login('app', 'first')).toBe(ok);
    expect(redis.log).not.toMatch(/[0-9a-f]{16}/);
  });

  it('the user reload needs the password in its file, and may only load the files', async () => {
    await using redis = await redisWith({ password: 'first' });
    const folder = redis.files.path('run/redis');
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o077]);
    expect(modes).toEqual(modes.map(([name]) => [name, 0]));
    for (const guess of ['', 'none', 'first', 'reload']) {
      expect(await redis.login('reload', guess), guess).toEqual(refused);
    }
    using connection = await RawConnection.open(redis.port);
    const password = readFileSync(join(folder, 'reload-password'), 'utf8');
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(await connection.ask('AUTH', 'reload', password)).toBe(ok);
    const others = ['PING', 'GET {cache}:a', 'ACL LIST', 'ACL SAVE', 'ACL SETUSER app on nopass', 'FLUSHALL'];
    for (const command of [...others, 'CONFIG SET port 1', 'CONFIG GET *', 'EVAL return 0', 'SHUTDOWN']) {
      expect(await connection.ask(...command.split(' ')), command).toMatch(/^-NOPERM /);
    }
  });
});

/** A TLS connection that trusts this authority, with the certificate of the server. */
async function openTls(port: number, { 'ca.crt': ca }: Certificates) {
  const socket: TLSSocket = connectTls({ port, ca, servername: 'redis.pod-patterns.svc' });
  await once(socket, 'secureConnect');
  const ask = async (command: string) => {
    socket.write(`${command}\r\n`);
    return String((await once(socket, 'data'))[0]);
  };
  const { raw } = socket.getPeerCertificate();
  return { ask, raw: raw.toString('base64'), [Symbol.dispose]: () => void socket.destroy() };
}

const bytesOf = (pem: string) => pem.replaceAll(/-----.*-----|\s/g, '');

async function redisWithTls(certificates: Certificates) {
  const files = new RedisFiles();
  files.setPasswords('app', { password: 'first' });
  files.mount('run/secrets/redis-tls', certificates);
  const folder = files.path('run/secrets/redis-tls');
  const settings = readFileSync(
    join(import.meta.dirname, '../../k8s/backends/redis/tls/extra-tls.conf'),
    'utf8',
  );
  const conf = settings.replaceAll('/run/secrets/redis-tls', folder);
  writeFileSync(files.path('etc/redis/extra-tls.conf'), conf);
  const names = [...conf.matchAll(/^(tls-.*-file|tls-auth-clients) (.*)$/gm)];
  const port = await freePort();
  const args = names.flatMap(([, name = '', value = '']) => [`--${name}`, value]);
  return { redis: await ReloadingRedis.start(files, ['--tls-port', String(port), ...args]), port };
}

describe('the certificate of a running Redis', needs(...programs, installed('openssl')), () => {
  it('is renewed for new connections, and open ones stay', async () => {
    const [first, second] = [makeCertificates(), makeCertificates()];
    const { redis, port } = await redisWithTls(first);
    await using _stopped = redis;
    await redis.says('certificate loaded');
    using old = await openTls(port, first);
    expect(old.raw).toBe(bytesOf(first['tls.crt']));

    redis.files.mount('run/secrets/redis-tls', second);
    await eventually(() => redis.log.match(/certificate loaded/g)?.length === 2, { timeoutMs: 50_000 });
    using renewed = await openTls(port, second);
    expect(renewed.raw).toBe(bytesOf(second['tls.crt']));
    expect(await old.ask('AUTH app first')).toBe(ok);
    expect(await renewed.ask('AUTH app first')).toBe(ok);
  });

  it('stays if the new one does not match its key, and passwords are still reloaded', async () => {
    const [first, second] = [makeCertificates(), makeCertificates()];
    const { redis, port } = await redisWithTls(first);
    await using _stopped = redis;
    await redis.says('certificate loaded');
    redis.files.mount('run/secrets/redis-tls', { ...second, 'tls.key': first['tls.key'] });
    await redis.says('reload.sh: Redis keeps its certificate: ERR');
    redis.files.setPasswords('app', { password: 'second' });
    await eventually(async () => (await redis.login('app', 'second')) === ok, { timeoutMs: 50_000 });
    using connection = await openTls(port, first);
    expect(connection.raw).toBe(bytesOf(first['tls.crt']));

    redis.files.mount('run/secrets/redis-tls', second);
    await eventually(() => redis.log.match(/certificate loaded/g)?.length === 2, { timeoutMs: 50_000 });
    using renewed = await openTls(port, second);
    expect(renewed.raw).toBe(bytesOf(second['tls.crt']));
  });
});
