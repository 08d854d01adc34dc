import { describe, expect, it } from 'vitest';
import { systemFailure } from './system-failure.ts';

function systemError(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more });
}

const peer = { address: '10.0.0.1', port: 80 };

describe('systemFailure', () => {
  it.each([
    ['ENOTFOUND', { hostname: 'db' }, 'dns-not-found', 'no such name: db'],
    ['EAI_AGAIN', { hostname: 'db' }, 'dns-failed', 'the DNS server fails for db (EAI_AGAIN)'],
    ['ECONNREFUSED', peer, 'refused', '10.0.0.1:80 refused the connection'],
    ['ECONNREFUSED', { address: '::1', port: 80 }, 'refused', '[::1]:80 refused the connection'],
    ['ECONNRESET', {}, 'reset', 'db:80 closed the connection'],
    ['EPIPE', {}, 'reset', 'db:80 closed the connection'],
    ['EHOSTUNREACH', peer, 'unreachable', 'no route to 10.0.0.1:80 (EHOSTUNREACH)'],
    ['ENETUNREACH', peer, 'unreachable', 'no route to 10.0.0.1:80 (ENETUNREACH)'],
    ['EACCES', peer, 'unreachable', 'no route to 10.0.0.1:80 (EACCES)'],
    ['ETIMEDOUT', peer, 'timeout', 'no answer from 10.0.0.1:80 (a Service without endpoints?)'],
    ['EMFILE', peer, 'unreachable', 'no route to 10.0.0.1:80 (EMFILE)'],
  ])('%s of a host means %3$s', (code, more, reason, detail) => {
    expect(systemFailure(systemError(code, more), 'db:80')).toEqual({ ok: false, reason, detail });
  });

  it.each([
    ['ENOENT', 'missing', '/x does not exist'],
    ['ENOTDIR', 'missing', '/x cannot be read (ENOTDIR)'],
    ['EISDIR', 'missing', '/x cannot be read (EISDIR)'],
    ['ELOOP', 'missing', '/x cannot be read (ELOOP)'],
    ['EACCES', 'denied', 'no permission for /x'],
  ])('%s of a path means %s', (code, reason, detail) => {
    expect(systemFailure(systemError(code), '/x')).toEqual({ ok: false, reason, detail });
  });

  it('takes the most telling of several addresses, and names all of the kind', () => {
    const errors = [
      systemError('ENETUNREACH', { address: 'fd00::1', port: 80 }),
      systemError('ECONNREFUSED', { address: '10.0.0.1', port: 80 }),
      systemError('ECONNREFUSED', { address: '10.0.0.2', port: 80 }),
    ];
    expect(systemFailure(new AggregateError(errors), 'db:80')).toEqual({
      ok: false,
      reason: 'refused',
      detail: '10.0.0.1:80 refused the connection; 10.0.0.2:80 refused the connection',
    });
  });

  it('throws on what is a fault of ours', () => {
    expect(() => systemFailure(new TypeError('x is not a function'), 'db:80')).toThrow('x is not a function');
  });
});
