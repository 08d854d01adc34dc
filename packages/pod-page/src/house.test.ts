import { expect, it } from 'vitest';
import { houseTargets } from './house.ts';

it('the house answers where its admin ports are, the application first', () => {
  expect(houseTargets.map(({ name, url }) => [name, url])).toEqual([
    ['web', 'http://127.0.0.1:8081'],
    ['redis-ambassador', 'http://127.0.0.1:9103'],
    ['statsd-adaptor', 'http://127.0.0.1:9102'],
    ['log-shipper', 'http://127.0.0.1:9101'],
  ]);
});
