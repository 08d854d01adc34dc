import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection } from './support/raw-connection.ts';

const openssl = installed('openssl');

/** A certificate authority, and certificates of it for the server `redis.test` and for the client. */
function makeCertificates(folder: { readonly path: string; file(name: string): string }): void {
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder.path, stdio: 'ignore' });
  const subject = (name: string) => [
    '-subj',
    `/CN=${name}`,
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ];
  run('req', '-x509', ...subject('test authority'), '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2');
  for (const name of ['redis.test', 'client.test']) {
    run('req', ...subject(name), '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(folder.file('names'), `subjectAltName=DNS:${name}\n`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    run('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`, '-days', '2');
  }
}

describe('TLS', needs(redisServer, openssl), () => {
  it('logs in with a client certificate, verifies the server, and says when that fails', async () => {
    using folder = tempDir();
    makeCertificates(folder);
    const tlsPort = await freePort();
    await using _redis = await RedisServer.start([
      ...['--tls-port', String(tlsPort), '--tls-ca-cert-file', folder.file('ca.pem')],
      ...['--tls-cert-file', folder.file('redis.test.pem'), '--tls-key-file', folder.file('redis.test.key')],
    ]);
    const client = `cert=${folder.file('client.test.pem')}&key=${folder.file('client.test.key')}`;
    const url = `rediss://127.0.0.1:${tlsPort}?ca=${folder.file('ca.pem')}&${client}`;

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
    // and by nobody that we know
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
  it('is an upstream as well', async () => {
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
