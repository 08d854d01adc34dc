import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { createLogger, startHttpServer } from '@pod-patterns/kit';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCertificate, openssl } from '../../testing/certificates.ts';
import { loadWebConfig } from './web-config.ts';
import { WebGuard } from './web-guard.ts';

const log = createLogger({ component: 'test', level: 'error', format: 'json' });

/** The subject of a server's certificate. */
async function nameOf(address: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket = connect({ host: host ?? '', port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

describe('a certificate', needs(openssl), () => {
  // only the timer that checks for a new one
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  it('that was renewed is served within a minute; a pair that does not match is not', async () => {
    using dir = tempDir();
    for (const name of ['old', 'new']) makeCertificate(dir.path, name);
    const put = (cert: string, key: string) => {
      copyFileSync(dir.file(`${cert}.pem`), dir.file('tls.crt'));
      copyFileSync(dir.file(`${key}.key`), dir.file('tls.key'));
    };
    put('old', 'old');
    const file = dir.file('web.yml');
    writeFileSync(file, 'tls_server_config: { cert_file: tls.crt, key_file: tls.key }');
    const loaded = loadWebConfig(file);
    if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
    let now = 0;
    const guard = new WebGuard({ file, config: loaded.config, log, now: () => now });
    const where = { host: '127.0.0.1', port: 0 };
    await using server = await startHttpServer(where, (_, response) => void response.end(), guard);
    const afterAMinute = async () => {
      now += 60_000;
      vi.advanceTimersByTime(60_000);
      return nameOf(server.address);
    };
    expect(await nameOf(server.address)).toBe('old');
    put('new', 'old');
    expect(await afterAMinute()).toBe('old');
    put('new', 'new');
    expect(await afterAMinute()).toBe('new');
  });
});
