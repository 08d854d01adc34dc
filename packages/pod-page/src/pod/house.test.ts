import { describe, expect, it } from 'vitest';
import { houseTargets, roleOf } from './house.ts';

it('the default targets are the usual admin ports, the application first', () => {
  expect(houseTargets.map(({ name, url }) => [name, url])).toEqual([
    ['web', 'http://127.0.0.1:8081'],
    ['redis-ambassador', 'http://127.0.0.1:9103'],
    ['statsd-adaptor', 'http://127.0.0.1:9102'],
    ['log-shipper', 'http://127.0.0.1:9101'],
  ]);
});

describe('the role of a container', () => {
  it.each([
    ['as it was given', 'log-shipper', 'application', 'web', 'application'],
    ['as its program says', 'redis', undefined, 'redis-ambassador', 'ambassador'],
    ['by its name', 'statsd-adaptor', undefined, undefined, 'adaptor'],
    ['a sidecar, where nothing says more', 'cron', undefined, 'my-copy', 'sidecar'],
  ] as const)('is %s', (_, name, role, program, expected) => {
    expect(roleOf({ name, role }, program)).toBe(expected);
  });
});
