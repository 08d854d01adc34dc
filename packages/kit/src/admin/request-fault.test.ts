import { describe, expect, it } from 'vitest';
import { mostSeconds, secondsOf } from '../../testing/seconds.ts';
import { requestFault } from './request-fault.ts';

const request = (version: string, ...hosts: string[]) => {
  const [httpVersionMajor = 0, httpVersionMinor = 0] = version.split('.').map(Number);
  const rawHeaders = ['Accept', '*/*', ...hosts.flatMap((host) => ['hOsT', host]), 'Hosts', '/'];
  return { httpVersionMajor, httpVersionMinor, rawHeaders };
};

describe('requestFault', () => {
  it.each([
    ['1.1', 'example.com'],
    ['1.1', 'example.com:8080'],
    ['1.1', 'example.com:'],
    ['1.1', ''],
    ['1.1', '10.0.0.7:80'],
    ['1.1', '[::1]:8081'],
    ['1.1', '[fe80::1%eth0]'],
    ['1.1', 'my_service.my-namespace.svc'],
    ['1.1', 'xn--bcher-kva.example'],
    ['1.1', 'b%C3%BCcher.example'],
    ['1.0', 'example.com'],
  ])('accepts HTTP/%s with Host %j', (version, host) => {
    expect(requestFault(request(version, host))).toBeUndefined();
  });

  it('requires no host in HTTP/1.0', () => {
    expect(requestFault(request('1.0'))).toBeUndefined();
  });

  it.each([
    ['1.1', [], 400, 'the request has no Host header'],
    ['1.1', ['a', 'b'], 400, 'the request has more than one Host header'],
    ['1.1', ['a', 'a'], 400, 'the request has more than one Host header'],
    ['1.0', ['a', 'b'], 400, 'the request has more than one Host header'],
    ...[
      ...[
        'a b',
        'http://a/',
        'a/',
        '/',
        'a?b',
        'a#b',
        'a@b',
        'u:p@b',
        'a:b',
        'a:80:80',
        ':a',
        '::1',
        '%',
        'a%2',
      ],
      ...[
        '[',
        '[]',
        '[::1',
        '::1]',
        '[::1]a',
        '[::1]:a',
        '[a]',
        '[::1]]',
        '\xff',
        'ä',
        'a\\b',
        '<a>',
        '"a"',
        'a\tb',
      ],
    ].map((host) => ['1.1', [host], 400, 'the Host header is not valid'] as const),
    ['1.0', ['a b'], 400, 'the Host header is not valid'],
    ['2.0', ['a'], 505, 'only HTTP/1.1 and HTTP/1.0 are supported'],
    ['0.9', [], 505, 'only HTTP/1.1 and HTTP/1.0 are supported'],
  ] as const)('refuses HTTP/%s with Host %j', (version, hosts, status, detail) => {
    expect(requestFault(request(version, ...hosts))).toEqual({ status, detail });
  });

  it.each(['a', '%', '%41', '[', ':', '0', '.'])('takes linear time for a megabyte of %j', (piece) => {
    const host = `${piece.repeat(1_000_000 / piece.length)} `;
    expect(secondsOf(() => requestFault(request('1.1', host)))).toBeLessThan(mostSeconds);
  });
});
