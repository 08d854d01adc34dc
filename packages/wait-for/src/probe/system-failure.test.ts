import { describe, expect, it } from 'vitest';
import { failure } from './outcome.ts';
import { mostTelling, systemFailure } from './system-failure.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('systemFailure', () => {
  it.each([
    ['ECONNREFUSED', 'refused', '10.0.0.1:80 refused the connection'],
    ['ECONNRESET', 'reset', '10.0.0.1:80 closed the connection'],
    ['EPIPE', 'reset', '10.0.0.1:80 closed the connection'],
    ['EHOSTUNREACH', 'unreachable', 'no route to 10.0.0.1:80 (EHOSTUNREACH)'],
    ['ENETUNREACH', 'unreachable', 'no route to 10.0.0.1:80 (ENETUNREACH)'],
    ['EACCES', 'unreachable', 'no route to 10.0.0.1:80 (EACCES)'],
    ['ETIMEDOUT', 'timeout', 'no answer from 10.0.0.1:80 (a Service without endpoints?)'],
    ['EMFILE', 'unreachable', 'no route to 10.0.0.1:80 (EMFILE)'],
  ])('%s of a host means %s', (code, reason, detail) => {
    expect(systemFailure(systemError(code), '10.0.0.1:80')).toEqual({ ok: false, reason, detail });
  });

  it.each([
    ['ENOENT', 'missing', '/x does not exist'],
    ['ENOTDIR', 'missing', '/x cannot be read (ENOTDIR)'],
    ['EISDIR', 'missing', '/x cannot be read (EISDIR)'],
    ['ELOOP', 'missing', '/x cannot be read (ELOOP)'],
    ['EACCES', 'denied', 'no permission for /x'],
    // a dead mount: nobody knows whether the file exists
    ['EIO', 'unreachable', '/x cannot be read (EIO)'],
    ['ENOTCONN', 'unreachable', '/x cannot be read (ENOTCONN)'],
    ['ESTALE', 'unreachable', '/x cannot be read (ESTALE)'],
    ['ETIMEDOUT', 'timeout', '/x cannot be read (ETIMEDOUT)'],
    ['ECONNREFUSED', 'refused', '/x refused the connection'],
  ])('%s of a path means %s', (code, reason, detail) => {
    expect(systemFailure(systemError(code), '/x')).toEqual({ ok: false, reason, detail });
  });

  it('rethrows an error without a system code', () => {
    expect(() => systemFailure(new TypeError('x is not a function'), 'db:80')).toThrow('x is not a function');
  });
});

it('prefers the most telling failure of several addresses, and names all addresses with it', () => {
  const failures = [
    failure('unreachable', 'no route to [fd00::1]:80 (ENETUNREACH)'),
    failure('refused', '10.0.0.1:80 refused the connection'),
    failure('refused', '10.0.0.2:80 refused the connection'),
  ];
  expect(mostTelling(failures)).toEqual({
    ok: false,
    reason: 'refused',
    detail: '10.0.0.1:80 refused the connection; 10.0.0.2:80 refused the connection',
  });
});
