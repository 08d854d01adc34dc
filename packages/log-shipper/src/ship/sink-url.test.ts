import { describe, expect, it } from 'vitest';
import { readSinkUrl } from './sink-url.ts';

describe('readSinkUrl', () => {
  it.each([
    ['stdout:', { kind: 'stdout', name: 'stdout:' }],
    [
      'file:///var/out/a%20b.ndjson',
      { kind: 'file', name: 'file:///var/out/a b.ndjson', path: '/var/out/a b.ndjson' },
    ],
  ])('reads %s', (text, expected) => {
    expect(readSinkUrl(text)).toEqual(expected);
  });

  it('keeps secrets out of the name', () => {
    expect(readSinkUrl('https://user:secret@logs.example:8443/in/v1?key=secret#bearer=/run/token')).toEqual({
      kind: 'http',
      name: 'https://logs.example:8443/in/v1',
      url: 'https://user:secret@logs.example:8443/in/v1?key=secret',
      settings: { compression: 'none', timeoutMs: 30_000, bearer: '/run/token' },
    });
  });

  it('reads the settings behind #', () => {
    expect(
      readSinkUrl(
        'http://h/#compression=gzip&timeout=5s&headers=/h&basic=/b&ca=/ca.pem&cert=/c.pem&key=/k.pem',
      ),
    ).toMatchObject({
      settings: {
        ...{ compression: 'gzip', timeoutMs: 5000, headers: '/h', basic: '/b' },
        ...{ ca: '/ca.pem', cert: '/c.pem', key: '/k.pem' },
      },
    });
  });

  it.each([
    ['loki+http://h:3100', 'http://h:3100/loki/api/v1/push', {}],
    ['loki+https://h/', 'https://h/loki/api/v1/push', {}],
    ['LOKI+HTTP://h/logs/push', 'http://h/logs/push', {}],
    ['loki+http://h#tenant=team-a', 'http://h/loki/api/v1/push', { tenant: 'team-a' }],
  ])('reads %s', (text, url, more) => {
    const name = `loki+${url}${'tenant' in more ? `#tenant=${more.tenant}` : ''}`;
    const settings = { compression: 'none', timeoutMs: 30_000 };
    expect(readSinkUrl(text)).toEqual({ kind: 'loki', name, url, settings, ...more });
  });

  it('keeps secrets out of the name of a Loki, and reads its settings', () => {
    const url = 'loki+https://42:token@logs.example/loki/api/v1/push#compression=gzip&bearer=/t&tenant=a';
    expect(readSinkUrl(url)).toMatchObject({
      name: 'loki+https://logs.example/loki/api/v1/push#tenant=a',
      settings: { compression: 'gzip', bearer: '/t' },
    });
  });

  it.each([
    '',
    'stdout',
    'stderr:',
    'logs.example',
    '/var/out',
    'file:',
    'file://',
    'file:///',
    'file:///var/out/',
    'file://host/var/out',
    'file:relative',
    'file:///a#compression=gzip',
    'http:',
    'http://',
    'http:///path',
    'http:logs',
    'htps://h/',
    'loki+http:',
    'loki+http:h',
    'loki+h',
    'loki+file:///a',
    'loki://h',
    'loki+http://h#compression=zstd',
    'loki+http://h#tenant=',
    'loki+http://h#tenant=a|b',
    'http://h/#tenant=a',
    'redis://h/stream',
    'http://h/#compression=zip',
    'http://h/#compression=',
    'http://h/#timeout=soon',
    'http://h/#timeout=0',
    'http://h/#unknown=1',
    'http://h/#bearer=',
    'http://h/#bearer=/a&basic=/b',
    'http://h/#cert=/a',
  ])('says no to %j', (text) => {
    expect(readSinkUrl(text)).toBeUndefined();
  });
});
