import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection } from './support/raw-connection.ts';
import { Tls } from './support/tls.ts';

const openssl = installed('openssl');

describe('TLS', needs(redisServer, openssl), () => {
  it('logs in with a client certificate, verifies the server, and reports a failure', async () => {
    using folder = tempDir();
    const tls = new Tls(folder, 'DNS:redis.test');
    const tlsPort = await freePort();
    await using _redis = await RedisServer.start(
      tls.settings(tlsPort).flatMap(([name, value]) => [`--${name}`, value]),
    );
    const url = `rediss://127.0.0.1:${tlsPort}?ca=${tls.ca}&${tls.client}`;

    await using good = await Ambassador.start(`${url}&sni=redis.test`);
    using connection = await RawConnection.open(good.port);
    const value = 'x'.repeat(1_500_000);
    expect(await connection.ask('SET', 'a', value)).toBe('+OK\r\n');
    expect(await connection.ask('GET', 'a')).toBe(`$1500000\r\n${value}\r\n`);

    // the certificate is for another name
    await using wrongName = await Ambassador.start(url, ['--failover-hold', '0']);
    using refused = await RawConnection.open(wrongName.port);
    await eventually(async () =>
      /^-LOADING .* is unavailable: .*127\.0\.0\.1/.test(await refused.ask('PING')),
    );
    // and signed by an unknown authority
    await using unknown = await Ambassador.start(`rediss://127.0.0.1:${tlsPort}?sni=redis.test`, [
      '--failover-hold',
      '0',
    ]);
    using distrusting = await RawConnection.open(unknown.port);
    await eventually(async () =>
      /^-LOADING .* is unavailable: .*certificate/.test(await distrusting.ask('PING')),
    );
  });
});

describe('a Unix socket', needs(redisServer), () => {
  it('can be the upstream', async () => {
    using folder = tempDir();
    const path = folder.file('redis.sock');
    await using redis = await RedisServer.start(['--unixsocket', path, '--requirepass', 'secret']);
    const env = { UPSTREAM_PASSWORD_FILE: folder.file('password') };
    writeFileSync(env.UPSTREAM_PASSWORD_FILE, 'secret');
    await using ambassador = await Ambassador.start(`unix:${path}?db=2`, [], { env });
    using connection = await RawConnection.open(ambassador.port);
    expect(await connection.ask('SET', 'a', '1')).toBe('+OK\r\n');
    expect(await connection.ask('INFO', 'keyspace')).toContain('db2:keys=1');
    expect(redis.port).toBeGreaterThan(0);
  });
});
