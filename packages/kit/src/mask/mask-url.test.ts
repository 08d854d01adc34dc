import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskUrl } from './mask-url.ts';

describe('maskUrl on a URL', () => {
  it.each([
    ['redis://user:pw@h:1/0', 'redis://user:***@h:1/0'],
    ['redis://:pw@h', 'redis://:***@h'],
    ['https://token@h/x', 'https://***@h/x'],
    ['https://token:@h/x', 'https://***@h/x'],
    ['https://ghp_0123456789012345678901234567890123:x-oauth-basic@h', 'https://***@h'],
    ['redis://h:6379', 'redis://h:6379'],
    ['redis-sentinel://u:p@a:1,b:2/m', 'redis-sentinel://u:***@a:1,b:2/m'],
    ['redis://u:p@[fe80::1%25eth0]:1/0', 'redis://u:***@[fe80::1%25eth0]:1/0'],
    ['rediss://h?ca=/ca.pem&key=/key.pem&sni=x', 'rediss://h?ca=/ca.pem&key=/key.pem&sni=x'],
    ['rediss://h?key=c2VjcmV0', 'rediss://h?key=***'],
    ['unix:/run/a@b.sock?db=1&user=app', 'unix:/run/a@b.sock?db=1&user=app'],
    ['unix:/run/x?password=pw', 'unix:/run/x?password=***'],
    ['file:///var/a@b', 'file:///var/a@b'],
    ['https://h/x?Api_Key=1&page=2', 'https://h/x?Api_Key=***&***'],
    ['https://h/x?X-Amz-Signature=1&y', 'https://h/x?X-Amz-Signature=***&***'],
    ['https://h#compression=gzip&bearer=/run/token', 'https://h#compression=gzip&bearer=/run/token'],
    ['https://h#bearer=eyJh&timeout=1s', 'https://h#bearer=***&timeout=1s'],
    ['https://h#shared-key=1', 'https://h#shared-key=***'],
    ['stdout:', 'stdout:'],
    ['', ''],
  ])('%s as %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
    expect(maskUrl(shown)).toBe(shown);
  });
});

describe('maskUrl on a malformed URL hides more, not less', () => {
  it.each([
    ['redis//u:secret@h', 'redis//u:***@h'],
    ['redis:u:secret@h', 'redis:***@h'],
    ['u:se:cret@h', 'u:***@h'],
    ['redis:/u:secret@h', 'redis:/u:***@h'],
    ['redis:///u:secret@h', 'redis:///u:***@h'],
    ['//u:secret@h', '***@h'],
    ['tcp://fe80::1:5432', 'tcp://fe80::1:5432'],
    ['tcp://:c0ffee:5432', 'tcp://:***'],
    ['u:secret@h:1', 'u:***@h:1'],
    ['secret@h', '***@h'],
    ['redis://u:se@cret@h', 'redis://u:***@h'],
    ['redis://u:se/cret@h', 'redis://u:***@h'],
    ['redis://u:12/cret@h', 'redis://u:***@h'],
    ['redis://u:se?cret@h', 'redis://***'],
    ['redis://u:se#cret@h', 'redis://***'],
    ['https://h?token=se@cret', 'https://***'],
    ['redis://u:my secret@h', 'redis://u:***@h'],
    ['redis://u:secret', 'redis://u:***'],
    ['redis://u:secret:6379/0?x=secret', 'redis://u:***'],
    ['redis://u:secret%40h', 'redis://u:***'],
    ['https://secret%40h/x', 'https://***'],
    ['redis%3A%2F%2Fu%3Asecret%40h', '***'],
    ['https://h?a&secret=x&cret=y', 'https://h?***&secret=***&***'],
  ])('%s as %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
    expect(maskUrl(shown)).toBe(shown);
  });
});

it('never shows any part of a password or a parameter, for any special characters', () => {
  const secret = fc
    .array(fc.constantFrom(...' @/?#:%&=,;[]"\'\\ä', '%41', '//'), { minLength: 1, maxLength: 5 })
    .map((between) => `zQ7x${between.map((odd) => `${odd}zQ7x`).join('')}`);
  const url = fc.constantFrom(
    ...['redis://user:SECRET@h:6379/0', 'redis//user:SECRET@h', 'user:SECRET@h', 'redis://:SECRET@[::1]:1'],
    ...[
      'https://h/x?token=SECRET',
      'https://h/x?a=1&PASSWORD=SECRET&db=2',
      'https://u:SECRET@h#compression=gzip',
    ],
  );
  fc.assert(
    fc.property(url, secret, (text, password) => {
      expect(maskUrl(text.replace('SECRET', () => password))).not.toContain('zQ7x');
    }),
    { numRuns: 2000 },
  );
});
