import { writeFileSync } from 'node:fs';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { makeCertificate, openssl } from '../../testing/certificates.ts';
import { loadWebConfig } from './web-config.ts';

const hash = '$2b$04$abcdefghijklmnopqrstuu2dKXi2wiZ2Jfh4xZUo0tS1p6bsTnCru';

function load(text: string) {
  using dir = tempDir();
  writeFileSync(dir.file('web.yml'), text);
  return loadWebConfig(dir.file('web.yml'));
}

describe('a web config file', () => {
  it('that is empty requires nothing', () => {
    expect(load('')).toEqual({ ok: true, config: { tls: undefined, headers: {}, users: new Map() } });
  });

  it('names users and headers', () => {
    const text = `basic_auth_users: { ann: ${hash}, bob: "${hash}" }
http_server_config: { http2: false, headers: { X-Frame-Options: deny, Content-Security-Policy: "" } }`;
    expect(load(text)).toMatchObject({
      ok: true,
      config: {
        headers: { 'X-Frame-Options': 'deny' },
        users: new Map([
          ['ann', hash],
          ['bob', hash],
        ]),
      },
    });
  });

  it('names certificates beside it', needs(openssl), () => {
    using dir = tempDir();
    for (const name of ['a', 'b']) makeCertificate(dir.path, name);
    const tls = (fields: string) => {
      writeFileSync(dir.file('web.yml'), `tls_server_config: { ${fields} }`);
      return loadWebConfig(dir.file('web.yml'));
    };
    expect(tls('cert_file: a.pem, key_file: a.key, min_version: TLS13')).toMatchObject({
      config: { tls: { clients: 'NoClientCert', minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } },
    });
    const verify = 'client_auth_type: RequireAndVerifyClientCert';
    expect(tls(`cert_file: a.pem, key_file: a.key, client_ca_file: b.pem, ${verify}`)).toMatchObject({
      config: { tls: { clients: 'RequireAndVerifyClientCert', minVersion: 'TLSv1.2' } },
    });
    expect(tls(`cert_file: a.pem, key_file: a.key, ${verify}`)).toEqual({
      ok: false,
      faults: ['line 1: tls_server_config: expected client_ca_file, required by RequireAndVerifyClientCert'],
    });
    expect(tls('cert_file: a.pem, key_file: b.key')).toEqual({
      ok: false,
      faults: [expect.stringMatching(/^line 1: tls_server_config: .*key values mismatch/)],
    });
  });

  it.each([
    ['basic_auth_user: {}', 'line 1: unknown field "basic_auth_user" (did you mean basic_auth_users?)'],
    ['basic_auth_users: { ann: secret }', 'line 1: basic_auth_users.ann: expected a bcrypt hash'],
    ['basic_auth_users:\n  ann: $2b$31$abc', 'line 2: basic_auth_users.ann: expected a bcrypt hash'],
    ['tls_server_config: { cert_file: a.pem }', 'line 1: tls_server_config: expected cert_file and key_file'],
    ['tls_server_config: { cert_file: no.pem, key_file: no.key }', 'tls_server_config.cert_file: ENOENT'],
    ['tls_server_config: { cipher_suites: [] }', 'unknown field "cipher_suites"'],
    ['http_server_config: { headers: { X-Other: a } }', 'unknown field "X-Other"'],
    ['a: [', 'line 1: '],
  ])('%j is refused, without a secret in the reason', (text, fault) => {
    const loaded = load(text);
    expect(loaded).toMatchObject({
      ok: false,
      faults: expect.arrayContaining([expect.stringContaining(fault)]),
    });
    expect(JSON.stringify(loaded)).not.toContain('secret');
  });

  it('that is missing is refused', () => {
    expect(loadWebConfig('/nowhere/web.yml')).toEqual({
      ok: false,
      faults: [expect.stringContaining('ENOENT')],
    });
  });
});
