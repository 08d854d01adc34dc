import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { FakeServer } from '../../../testing/fake-server.ts';

class WebServer implements AsyncDisposable {
  readonly requests: Array<Pick<IncomingMessage, 'method' | 'url' | 'headers'>> = [];
  readonly #server;

  private constructor(answer: RequestListener) {
    this.#server = createServer((request, response) => {
      this.requests.push({ method: request.method, url: request.url, headers: request.headers });
      answer(request, response);
    });
  }

  static async start(answer: RequestListener): Promise<WebServer> {
    const server = new WebServer(answer);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get origin(): string {
    const { port } = this.#server.address() as { port: number }; // a TCP server has one
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const saying = (status: number, body = '', headers: Record<string, string> = {}) =>
  WebServer.start((_, response) => response.writeHead(status, headers).end(body));

describe('http', () => {
  it.each([
    [200, '', true],
    [204, '', true],
    [299, '', true],
    // other tools treat any response as ready, even this one
    [500, '', false],
    [404, '', false],
    [301, '', false],
    [401, 'status=200-299,401', true],
    [200, 'status=204', false],
    [503, 'status=500-599', true],
  ])('%i with "%s" is ready: %s', async (status, keys, ok) => {
    await using server = await saying(status);
    const outcome = await tryOnce(`${server.origin}/ ${keys}`);
    expect(outcome).toMatchObject(ok ? { ok } : { ok, reason: 'http-status', httpStatus: status });
    expect(outcome.detail).toContain(`answers ${status}`);
  });

  it('sends the configured request and no other headers', async () => {
    await using server = await saying(200);
    await tryOnce(`${server.origin}/a%20b?c=d method=HEAD header=X-One:1 header="X-Two: 2"`);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'HEAD', url: '/a%20b?c=d' });
    expect(server.requests[0]?.headers).toEqual({
      host: server.origin.slice('http://'.length),
      'user-agent': 'wait-for',
      accept: '*/*',
      'accept-encoding': 'identity',
      connection: 'close',
      'x-one': '1',
      'x-two': '2',
    });
  });

  it('sends the login of the URL, and the current token of its file', async () => {
    using dir = tempDir();
    await using server = await saying(200);
    await tryOnce(server.origin.replace('//', '//me:p%40ss@'));
    const line = `${server.origin} header="Authorization: Bearer @${dir.file('token')}" header=X:@${dir.file('token')}`;
    writeFileSync(dir.file('token'), 'one\n');
    await tryOnce(line);
    writeFileSync(dir.file('token'), 'two\n');
    await tryOnce(line);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Basic bWU6cEBzcw==',
      'Bearer one',
      'Bearer two',
    ]);
    expect(server.requests[2]?.headers['x']).toBe('two');
  });

  it('sends a repeated header as often as given, instead of the default one', async () => {
    await using server = await saying(200);
    await tryOnce(`${server.origin}/ header=Accept:text/plain header=Cookie:a=1 header=Cookie:b=2`);
    expect(server.requests[0]?.headers).toMatchObject({ accept: 'text/plain', cookie: 'a=1; b=2' });
  });

  it('gives the reason for a request that cannot be sent', async () => {
    await using server = await saying(200);
    expect(await tryOnce(`${server.origin}/ header=Trailer:x`)).toMatchObject({
      reason: 'mismatch',
      detail: expect.stringContaining('the request cannot be sent'),
    });
  });

  it('reports a missing token file, and a token that a header must not contain', async () => {
    using dir = tempDir();
    await using server = await saying(200);
    const line = `${server.origin} header=Authorization:@${dir.file('token')}`;
    expect(await tryOnce(line)).toMatchObject({ reason: 'missing' });
    for (const half of ['a\nb', '', '\n']) {
      writeFileSync(dir.file('token'), half);
      expect(await tryOnce(line)).toMatchObject({ reason: 'mismatch', isOurs: true });
    }
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['body~=^ok', 'ok then', true],
    ['body~=^ok$', 'not ok', false],
    ['body~=^ok$', 'so far\nok\n', true],
    ['body~=^(?<state>ok|fine)\\b', 'fine.', true],
    ['json:/status=ok', '{"status":"ok"}', true],
    ['json:/status=ok', '{"status":"starting"}', false],
    ['json:/a/1=2', '{"a":[1,2]}', true],
    ['json:/a', '{"a":null}', false],
    ['json:/a', 'not JSON', false],
    ['body~=x max-body=3', 'abcx', false],
    ['body~=x max-body=4', 'abcx', true],
  ])('%s of %s is %s', async (keys, body, ok) => {
    await using server = await saying(200, body);
    expect(await tryOnce(`${server.origin} ${keys}`)).toMatchObject(
      ok ? { ok } : { ok, reason: 'http-body' },
    );
  });

  it.each(['(x+x+)+y', '(x|x)+!y', 'x*!!|x+z', '\\s+$', '^(\\w+\\s?)*$'])(
    'a megabyte that %s matches slowly delays nothing',
    async (expression) => {
      await using server = await saying(200, `${'x'.repeat(1_000_000)}!${' '.repeat(1_000_000)}!yz`);
      const start = performance.now();
      const outcome = await tryOnce(`${server.origin} body~=${expression} max-body=4MB`, {
        timeoutMs: 60_000,
      });
      expect(outcome).toMatchObject({
        ...{ ok: false, reason: 'http-body' },
        detail: expect.stringMatching(/its body (does not match|takes more than 100 ms to match against) \//),
      });
      expect(performance.now() - start).toBeLessThan(20_000);
    },
  );

  it('reports a compressed body', async () => {
    await using server = await saying(200, 'x', { 'content-encoding': 'gzip' });
    expect(await tryOnce(`${server.origin} body~=x`)).toMatchObject({
      reason: 'http-body',
      detail: expect.stringContaining('its body is compressed (gzip)'),
    });
    expect(await tryOnce(server.origin)).toMatchObject({ ok: true });
  });

  it.each(['identity', 'Identity', ''])('reads a body whose encoding is "%s"', async (encoding) => {
    await using server = await saying(200, 'x', { 'content-encoding': encoding });
    expect(await tryOnce(`${server.origin} body~=x`)).toMatchObject({ ok: true });
  });

  it('finds no header that the server did not send', async () => {
    await using server = await saying(200);
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(await tryOnce(`${server.origin} expect-header=${name}`)).toMatchObject({ reason: 'mismatch' });
    }
  });

  it('stops reading an endless body at the first match', async () => {
    let sent = 0;
    await using server = await FakeServer.start(undefined, (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pour = () => {
        while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
      };
      socket.on('drain', pour);
      pour();
    });
    expect(await tryOnce(`http://127.0.0.1:${server.port} body~=y`)).toMatchObject({
      reason: 'http-body',
      detail: expect.stringContaining('is longer than 65536 bytes'),
    });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it.each([
    ['expect-header=X-Ready', true],
    ['expect-header=X-Ready:yes', true],
    ['expect-header=X-Ready:no', false],
    ['expect-header=X-Other', false],
  ])('%s is %s', async (keys, ok) => {
    await using server = await saying(200, '', { 'x-ready': 'yes' });
    expect(await tryOnce(`${server.origin} ${keys}`)).toMatchObject(ok ? { ok } : { ok, reason: 'mismatch' });
  });

  it('follows redirects, but sends its headers only to the same server', async () => {
    await using other = await saying(200);
    await using server = await WebServer.start((request, response) => {
      const next = { '/': '/one', '/one': other.origin }[request.url ?? ''];
      response.writeHead(302, { location: next ?? '/' }).end();
    });
    const line = `${server.origin} header=Authorization:secret`;
    expect(await tryOnce(line)).toMatchObject({ ok: true });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['secret', 'secret']);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    expect(await tryOnce(`${line} redirect=no`)).toMatchObject({ reason: 'http-status', httpStatus: 302 });
    expect(await tryOnce(`${line} redirect=no status=302`)).toMatchObject({ ok: true });
  });

  it('gives up on endless redirects, and on a redirect to another scheme', async () => {
    await using circle = await saying(302, '', { location: '/' });
    await using mail = await saying(302, '', { location: 'mailto:me@example.com' });
    expect(await tryOnce(circle.origin)).toMatchObject({ reason: 'http-status' });
    expect(circle.requests).toHaveLength(11);
    expect(await tryOnce(mail.origin)).toMatchObject({ reason: 'http-protocol' });
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'http-protocol'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab', 'reset'],
    ['', 'reset'],
    ['HTTP/1.1 200', 'reset'],
    ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'http-status'],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n', 'reset'],
  ])('a server that sends %j and hangs up is %s', async (said, reason) => {
    await using server = await FakeServer.start(undefined, (_, socket) => socket.end(said));
    expect(await tryOnce(`http://127.0.0.1:${server.port} body~=x`)).toMatchObject({ reason });
  });

  it.each([
    ['', 'no response'],
    ['HTTP/1.1 200 OK\r\n\r\nab', 'its body does not end'],
  ])('a server that stops after %j times out', async (said, words) => {
    await using server = await FakeServer.start(undefined, (_, socket) => socket.write(said));
    const outcome = await tryOnce(`http://127.0.0.1:${server.port} body~=x`, { timeoutMs: 1500 });
    expect(outcome).toMatchObject({ reason: 'timeout', detail: expect.stringContaining(words) });
  });

  it('does not wait for a server that sends endless interim responses', async () => {
    await using server = await FakeServer.start(undefined, (_, socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000));
    });
    expect(await tryOnce(`http://127.0.0.1:${server.port}`)).toMatchObject({
      reason: 'http-protocol',
      detail: expect.stringContaining('endless interim responses'),
    });
  });

  it('hangs up as soon as the result is certain', async () => {
    await using server = await FakeServer.start(undefined, (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
    });
    expect(await tryOnce(`http://127.0.0.1:${server.port}`)).toMatchObject({ ok: true });
  });
});
