import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from '../../packages/redis-ambassador/test/support/ambassador.ts';
import { RawConnection } from '../../packages/redis-ambassador/test/support/raw-connection.ts';
import { RunningWeb } from '../../packages/web/test/running-web.ts';
import { RedisFiles } from './redis-files.ts';

/** k8s/backends/redis/users.acl and users.sh in a real Redis, with the real web and ambassador. */
/** Output of users.sh for the passwords of users. */
function usersOf(passwords: Readonly<Record<string, readonly string[]>>, acl?: string) {
  using files = new RedisFiles(acl);
  for (const [user, texts] of Object.entries(passwords)) {
    files.setPasswords(user, Object.fromEntries(texts.map((text, index) => [`password-${index}`, text])));
  }
  return files.users();
}
const password = ` a "strange" $pass * word\\n`;
/** An administrator that only this test has, to see the effects of the others. */
const operator = 'user operator on >operator ~* &* +@all';

/** Enabled here, unlike in redis.conf, so that the user's rules refuse. */
const enabled = ['--enable-debug-command', 'yes', '--enable-module-command', 'yes'];

/** Commands that no web application needs. */
const dangerous: readonly string[] = `
  FLUSHALL, FLUSHDB, SWAPDB 0 1, KEYS *, SCAN 0, RANDOMKEY, DBSIZE, MIGRATE h 1 views 0 1,
  CONFIG GET *, CONFIG SET dir /tmp, CONFIG REWRITE, ACL LIST, ACL SETUSER app on nopass,
  ACL WHOAMI, DEBUG SLEEP 0, MODULE LIST, MODULE LOAD /tmp/x.so, SHUTDOWN NOSAVE, REPLICAOF h 1,
  FAILOVER, EVALSHA x 0, SCRIPT FLUSH, SCRIPT LOAD return, SCRIPT KILL, FUNCTION LIST, FCALL x 0,
  EVAL return 1 x, MONITOR, CLIENT KILL ID 1, CLIENT LIST, CLIENT PAUSE 1000, INFO, COMMAND,
  SLOWLOG GET, ROLE, SAVE, BGSAVE, BGREWRITEAOF, LASTSAVE, LATENCY RESET, MEMORY DOCTOR,
  OBJECT ENCODING views, SELECT 1, PUBLISH a b, SUBSCRIBE a, CLUSTER INFO, DUMP views,
  RENAME views x, MULTI, WAIT 0 0, DEL views {cache}:a x, GET x, SET x 1, EXISTS x, HSCAN x 0,
  SETRANGE {cache}:a 536870911 x
`
  .split(',')
  .map((command) => command.trim());

/** Commands that web sends only when its cache is full, and those for people. */
const beyondDailyUse: readonly string[] = ['zpopmin', 'hget'];

describe('the users of Redis', needs(redisServer), () => {
  const resources = new AsyncDisposableStack();
  let redis: RedisServer;
  let ambassador: Ambassador;

  beforeAll(async () => {
    const files = resources.use(tempDir());
    const aclFile = join(files.path, 'users.acl');
    const passwordFile = join(files.path, 'password');
    writeFileSync(aclFile, `${usersOf({ app: [password, 'the next one'] }).stdout}${operator}\n`);
    writeFileSync(passwordFile, password);
    redis = resources.use(await RedisServer.start(['--aclfile', aclFile, ...enabled]));
    ambassador = resources.use(
      await Ambassador.start(`redis://app@127.0.0.1:${redis.port}`, [
        '--upstream-password-file',
        passwordFile,
      ]),
    );
  });
  afterAll(() => resources.disposeAsync());

  const connect = async (...login: readonly string[]) => {
    const connection = await RawConnection.open(redis.port);
    const answer = login.length === 0 ? '+OK\r\n' : await connection.ask('AUTH', ...login);
    return { connection, answer };
  };

  it('app may run the commands of web and the ambassador, and no others', async () => {
    const { connection } = await connect('operator', 'operator');
    using _closed = connection;
    await connection.ask('ACL', 'LOG', 'RESET');
    await connection.ask('CONFIG', 'RESETSTAT');
    await useApp(ambassador.port);
    expect(await connection.ask('ACL', 'LOG')).toBe('*0\r\n');
    const rules = await connection.ask('ACL', 'GETUSER', 'app');
    const stats = await connection.ask('INFO', 'commandstats');
    const used = [...stats.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => name);
    const allowed = [...rules.matchAll(/\+([a-z|]+)/g)].map(([, name]) => name);
    const ownWays = ['acl', 'config', 'info', 'auth', 'hello'];
    const asked = used.filter((name) => !ownWays.includes(name?.split('|')[0] ?? ''));
    expect(allowed).toEqual(expect.arrayContaining(asked));
    const unasked = allowed.filter((name) => !asked.includes(name));
    expect(beyondDailyUse).toEqual(expect.arrayContaining(unasked));
  });

  it.each([password, 'the next one'])('app logs in with each of its passwords: %j', async (text) => {
    const { connection, answer } = await connect('app', text);
    using _closed = connection;
    expect(answer).toBe('+OK\r\n');
    expect(await connection.ask('HGET', 'views', 'home')).toMatch(/^\$/);
  });

  it.each([['app', 'wrong'], ['app', ''], ['default', ''], ['default', password], [password]])(
    'nobody logs in with %j',
    async (...login) => {
      const { connection, answer } = await connect(...login);
      using _closed = connection;
      expect(answer).toMatch(/^-(WRONGPASS|ERR AUTH <password> called without any password)/);
      expect(await connection.ask('PING')).toMatch(/^-NOAUTH/);
    },
  );

  it('health may only send PING, with any password', async () => {
    const { connection } = await connect('health', 'none');
    using _closed = connection;
    expect(await connection.ask('PING')).toBe('+PONG\r\n');
    for (const command of [
      ...dangerous,
      'GET {cache}:a',
      'HSCAN views 0',
      'EVAL return 1 0',
      'EXISTS views',
      'CLIENT SETNAME a',
    ]) {
      expect(await connection.ask(...command.split(' ')), command).toMatch(/^-NOPERM /);
    }
  });

  it.each(dangerous)('app may not: %s', async (command) => {
    const { connection } = await connect('app', password);
    using _closed = connection;
    expect(await connection.ask(...command.split(' '))).toMatch(/^-NOPERM /);
  });

  it.each(dangerous)('nor in a script: %s', async (command) => {
    const { connection } = await connect('app', password);
    using _closed = connection;
    const words = command.split(' ').map((word) => `'${word}'`);
    const answer = await connection.ask('EVAL', `return redis.call(${words})`, '0');
    // Redis 7.0 and later use different words; no script may call some of the commands
    expect(answer).toMatch(
      /^-(NOPERM |ERR .*(ACL failure|can't (run|access)|not allowed from script|Unknown Redis command))/,
    );
  });

  it.each(dangerous)('nor through the ambassador: %s', async (command) => {
    using connection = await RawConnection.open(ambassador.port);
    // the ambassador answers commands about the connection itself
    const own = /^(CLIENT (KILL|LIST)|MULTI)/.test(command);
    if (!own)
      expect(await connection.ask(...command.split(' '))).toMatch(/^-(NOPERM|ERR redis-ambassador:) /);
    expect(await connection.ask('HGET', 'views', 'home')).toMatch(/^[$]/);
  });
});

/** All requests to web that use Redis. */
async function useApp(port: number): Promise<void> {
  const bounds = { MAX_PAGES: '1', MAX_CACHE_ENTRIES: '1' };
  await using web = await RunningWeb.start({ REDIS_URL: `redis://127.0.0.1:${port}`, ...bounds });
  const body = { method: 'PUT', body: 'cached', headers: { 'content-type': 'text/plain' } };
  const asked: ReadonlyArray<readonly [path: string, init?: RequestInit]> = [
    ['/api/views/home', { method: 'POST' }],
    ['/api/views/about', { method: 'POST' }],
    ['/api/views/more-than-are-counted', { method: 'POST' }],
    ['/api/views'],
    ['/api/cache/a?ttl=60', body],
    ['/api/cache/b?ttl=60', body],
    ['/api/cache/a?ttl=60', body],
    ['/api/cache/a'],
    ['/api/cache/a', { method: 'DELETE' }],
    ['/'],
  ];
  for (const [path, init] of asked) {
    const answer = await web.fetch(path, init);
    expect([path, answer.ok]).toEqual([path, true]);
    await answer.arrayBuffer();
  }
}

describe('users.sh', () => {
  it('prints no password, and gives no hash to a user without one', () => {
    const { stdout, status } = usersOf({});
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^user default off\nuser health .*\nuser app [^#>]*\nuser reload on #[0-9a-f]{64} \+acl\|load\n$/,
    );
    expect(usersOf({ app: ['secret'] }).stdout).not.toContain('secret');
  });

  it('reads a last line without a newline', () => {
    const acl = 'user default off\nuser reports on +get';
    expect(usersOf({ reports: ['secret'] }, acl).stdout).toMatch(
      /^user default off\nuser reports on \+get #/,
    );
  });

  it('refuses an empty password', () => {
    expect(usersOf({ app: ['\n'] })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is empty'),
    });
  });
});
