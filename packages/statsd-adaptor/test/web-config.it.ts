import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { hashSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { makeCertificate, openssl } from '../testing/certificates.ts';
import { runAdaptor } from '../testing/running.ts';

const users = (password: string) => `basic_auth_users: { ann: '${hashSync(password, 4)}' }\n`;
const listen = [
  '--statsd.listen-udp=127.0.0.1:0',
  '--statsd.listen-tcp=',
  '--web.listen-address=127.0.0.1:0',
];

async function start(file: string) {
  const program = runAdaptor([...listen, `--web.config.file=${file}`]);
  const { address } = await program.waitForLog('admin port open');
  await program.waitForLog('started');
  return { program, address: String(address) };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
}

function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const send = url.startsWith('https:') ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = send(url, { agent: false, ...options }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers }));
    });
    asked.on('error', reject).end();
  });
}
const status = async (url: string, options?: RequestOptions) => (await ask(url, options)).status;

describe('a web config file with users', () => {
  it('requires a login from all but the kubelet, and is read again when it changes', async () => {
    using dir = tempDir();
    writeFileSync(
      dir.file('web.yml'),
      `${users('one')}http_server_config: { headers: { X-Frame-Options: deny } }`,
    );
    const { program, address } = await start(dir.file('web.yml'));
    await using _ = program;
    const url = `http://${address}`;
    for (const path of ['/metrics', '/', '/status', '/nowhere']) {
      const { status, headers } = await ask(url + path);
      expect([path, status, headers['www-authenticate']]).toEqual([path, 401, 'Basic']);
      expect(headers['x-frame-options']).toBe('deny');
    }
    for (const path of ['/livez', '/readyz', '/-/healthy', '/-/ready'])
      expect(await status(url + path)).toBe(200);
    expect(await status(`${url}/metrics`, { auth: 'ann:one' })).toBe(200);
    expect(await status(`${url}/metrics`, { auth: 'ann:two' })).toBe(401);

    writeFileSync(dir.file('web.yml'), users('two'));
    await eventually(async () => (await status(`${url}/metrics`, { auth: 'ann:two' })) === 200);
    expect(await status(`${url}/metrics`, { auth: 'ann:one' })).toBe(401);
    writeFileSync(dir.file('web.yml'), 'basic_auth_users: { ann: two }');
    await eventually(async () => {
      await ask(url);
      return program.log.some(({ msg }) => msg === 'web config reload failing');
    });
    expect(await status(`${url}/metrics`, { auth: 'ann:two' })).toBe(200);
  });

  it('with a fault is refused with exit code 2', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('web.yml'), 'basic_auth_users: { ann: secret }');
    await using program = runAdaptor([...listen, `--web.config.file=${dir.file('web.yml')}`]);
    expect((await program.ended).code).toBe(2);
    expect(program.stderr).toEqual([
      expect.stringContaining('web.yml": line 1: basic_auth_users.ann: expected a bcrypt hash'),
    ]);
  });
});

describe('a web config file with TLS', needs(openssl), () => {
  const tls = (more = '') =>
    `tls_server_config: { cert_file: server.pem, key_file: server.key${more} }\n${users('one')}`;

  it('serves HTTPS, which --probe finds', async () => {
    using dir = tempDir();
    makeCertificate(dir.path, 'server');
    writeFileSync(dir.file('web.yml'), tls());
    const { program, address } = await start(dir.file('web.yml'));
    await using _ = program;
    const ca = readFileSync(dir.file('server.pem'));
    expect(await status(`https://${address}/metrics`, { ca })).toBe(401);
    expect(await status(`https://${address}/metrics`, { ca, auth: 'ann:one' })).toBe(200);
    await expect(ask(`http://${address}/livez`)).rejects.toThrow();
    await using probe = runAdaptor(['--probe', 'ready', `--web.listen-address=${address}`]);
    expect([(await probe.ended).code, probe.stderr]).toEqual([0, []]);
  });

  it('requires a client certificate from its authority', async () => {
    using dir = tempDir();
    for (const name of ['server', 'client', 'stranger']) makeCertificate(dir.path, name);
    copyFileSync(dir.file('client.pem'), dir.file('ca.pem'));
    const more = ', client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert';
    writeFileSync(dir.file('web.yml'), tls(more));
    const { program, address } = await start(dir.file('web.yml'));
    await using _ = program;
    const as = (name: string) => ({
      cert: readFileSync(dir.file(`${name}.pem`)),
      key: readFileSync(dir.file(`${name}.key`)),
    });
    const login = { ca: readFileSync(dir.file('server.pem')), auth: 'ann:one' };
    expect(await status(`https://${address}/metrics`, login)).toBe(401);
    expect(await status(`https://${address}/metrics`, { ...login, ...as('stranger') })).toBe(401);
    expect(await status(`https://${address}/metrics`, { ...login, ...as('client') })).toBe(200);
    expect(await status(`https://${address}/livez`, login)).toBe(200);
  });
});
