import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, judge } from './access.ts';
import { type AdminRoute, originForm, pathOf } from './route.ts';

const answer = () => {};
const routes = {
  open: { answer, isOpen: true },
  closed: { answer },
  change: { answer, methods: ['GET', 'PUT'] },
  order: { answer, methods: 'any' },
} as const satisfies Record<string, AdminRoute>;

const here = '127.0.0.1';
const there = '10.0.0.7';

it.each([
  ['open', there, 'GET', 'answer'],
  ['open', there, 'HEAD', 'answer'],
  ['open', there, 'POST', 'not-allowed'],
  ['open', undefined, 'GET', 'answer'],
  ['closed', here, 'GET', 'answer'],
  ['closed', here, 'DELETE', 'not-allowed'],
  ['closed', there, 'GET', 'not-local'],
  ['closed', there, 'DELETE', 'not-local'],
  ['closed', undefined, 'GET', 'not-local'],
  ['change', here, 'PUT', 'answer'],
  ['change', here, 'POST', 'not-allowed'],
  ['change', there, 'PUT', 'not-local'],
  ['order', here, 'PATCH', 'answer'],
  ['order', there, 'POST', 'not-local'],
  ['none', here, 'GET', 'not-found'],
  ['none', there, 'GET', 'not-local'],
] as const)('access to the %s route from %s by %s: %s', (name, address, method, verdict) => {
  const route = name === 'none' ? undefined : routes[name];
  const caller = { address, method, origin: undefined };
  expect(judge(route, caller, false)).toBe(verdict);
  const whenOpen = judge(route, { ...caller, address: here }, false);
  expect(judge(route, caller, true)).toBe(whenOpen);
});

it.each([
  [routes.open, 'answer'],
  [routes.closed, 'web-page'],
  [routes.order, 'web-page'],
  [undefined, 'web-page'],
])('a web page of another origin gets only open routes, even from loopback (row %#)', (route, verdict) => {
  const caller = { address: here, method: 'GET', origin: 'https://elsewhere.example' };
  expect([judge(route, caller, false), judge(route, caller, true)]).toEqual([verdict, verdict]);
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.255.0.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.1.2.3'])(
    'accepts %s',
    (address) => expect(isLoopback(address)).toBe(true),
  );
  it.each([
    ...['10.0.0.1', '128.0.0.1', '1127.0.0.1', '127.0.0.1.example', '127.0.0', '::', '::127.0.0.1', '::11'],
    ...['::ffff:10.0.0.1', 'fe80::1', 'localhost', '', undefined],
  ])('rejects %s', (address) => expect(isLoopback(address)).toBe(false));
});

describe('pathOf', () => {
  it.each([
    ['/livez', '/livez'],
    ['/livez?x=1#y', '/livez'],
    ['http://h:1/livez?x', '/livez'],
    ['HTTPS://u@[::1]/a', '/a'],
    ['http://h', '/'],
    ['ftp://h:port/a#b', '/a'],
    ['//u@h:99999#', '//u@h:99999'],
    ['#', '/'],
    ['http://', '/'],
    ['?x', '/'],
    ['', '/'],
    [undefined, '/'],
    ['//', '//'],
    ['//metrics', '//metrics'],
    ['*', '*'],
    ['h:443', 'h:443'],
    ['/%', '/%'],
    ['/a/../livez', '/a/../livez'],
    ['/\0', '/\0'],
  ])('reads %j as %j', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  it('finds a path in any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (target) => {
        expect(pathOf(target)).not.toBe('');
        expect(pathOf(originForm(target))).toBe(pathOf(target));
      }),
    );
  });
});
