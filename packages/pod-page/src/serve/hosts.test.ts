import { describe, expect, it } from 'vitest';
import { isOurHost, isOurOrigin } from './hosts.ts';

describe('a Host header', () => {
  it.each([
    ['localhost', true],
    ['localhost:8090', true],
    ['LOCALHOST:8090', true],
    ['pod.localhost:8090', true],
    ['127.0.0.1:8090', true],
    ['127.1.2.3', true],
    ['[::1]:8090', true],
    ['page.example', true],
    ['Page.Example:80', true],
    ['elsewhere.example:8090', false],
    ['page.example.elsewhere', false],
    ['localhost.elsewhere.example', false],
    ['notlocalhost', false],
    ['127.0.0.1.elsewhere.example', false],
    ['127.0.0.1@elsewhere.example', false],
    ['10.0.0.1:8090', false],
    ['[::2]', false],
    ['', false],
    [undefined, false],
  ])('%j is accepted: %j', (host, expected) => {
    expect(isOurHost(host, ['page.example'])).toBe(expected);
  });
});

describe('an Origin header', () => {
  it.each([
    ['http://127.0.0.1:8090', '127.0.0.1:8090', true],
    ['https://page.example', 'page.example', true],
    ['http://localhost:8090', '127.0.0.1:8090', false],
    ['http://127.0.0.1:9999', '127.0.0.1:8090', false],
    ['http://elsewhere.example', '127.0.0.1:8090', false],
    ['null', '127.0.0.1:8090', false],
    ['', '127.0.0.1:8090', false],
    [undefined, '127.0.0.1:8090', false],
    [undefined, undefined, false],
    ['null', undefined, false],
  ])('%j for host %j is accepted: %j', (origin, host, expected) => {
    expect(isOurOrigin(origin, host)).toBe(expected);
  });
});
