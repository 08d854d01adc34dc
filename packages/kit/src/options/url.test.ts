import { describe, expect, it } from 'vitest';
import { readParameters, readUrl } from './url.ts';

describe('readUrl', () => {
  it.each(['redis://h', 'http://u:p@[::1]:65535/x', 'tcp://h:1', 'unix:/run/x'])('reads %s', (text) => {
    expect(readUrl(text)).toBeInstanceOf(URL);
  });

  it.each([
    ...['http://h:65536', 'http://h:0/x', 'redis://u:p@h:70000/0', 'redis://u:p:1@[::1]:99999?x#y'],
    'redis://h:00000000000000070000',
  ])('reports a port out of range in %s', (text) => {
    expect(readUrl(text)).toEqual({ reason: 'port out of range: expected 1 to 65535' });
  });

  it.each(['', 'h', 'http://', 'http://h:x', 'http://a b:80', 'redis://u:p/70000@h', 'redis://a:1,b:2'])(
    'rejects %j',
    (text) => {
      expect(readUrl(text)).toBeUndefined();
    },
  );
});

describe('readParameters', () => {
  it('reads each name once', () => {
    const read = readParameters('ca=/a%20b&&key=%2Fk', ['ca', 'key', 'sni']);
    expect(read).toEqual(
      new Map([
        ['ca', '/a b'],
        ['key', '/k'],
      ]),
    );
  });

  it.each([
    ['sin=x', 'unknown key "sin" (did you mean sni?)'],
    ['retries=3', 'unknown key "retries": expected one of sni, ca'],
    ['sni', 'sni has no value'],
    ['sni=', 'sni has no value'],
    ['sni=a&sni=b', 'sni is given twice'],
    ['nope=1&sni=', 'unknown key "nope": expected one of sni, ca'],
  ])('reports the fault of %s', (text, reason) => {
    expect(readParameters(text, ['sni', 'ca'])).toEqual({ reason });
  });

  it.each(['cret', 'cret@h', 'cret=1@h', 'Se3=1', 'ca1', 'a%20b=1'])(
    'does not repeat %j, which may be part of a password',
    (text) => {
      expect(readParameters(text, ['sni', 'ca'])).toEqual({
        reason: expect.stringMatching(/^unknown key(: expected one of sni, ca| \(did you mean ca\?\))$/),
      });
    },
  );
});
