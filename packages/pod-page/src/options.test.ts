import { parseOptions } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { program } from './options.ts';

const parse = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  parseOptions(program, { argv, env });

describe('--container', () => {
  it.each([
    ['web=http://127.0.0.1:8081', { name: 'web', role: undefined, url: 'http://127.0.0.1:8081' }],
    ['web=http://127.0.0.1:8081/', { name: 'web', role: undefined, url: 'http://127.0.0.1:8081' }],
    [
      'nginx=http://127.0.0.1:80/healthz?a=b,c,application',
      { name: 'nginx', role: 'application', url: 'http://127.0.0.1:80/healthz?a=b,c' },
    ],
    ['shop.v2=http://[::1]:80,sidecar', { name: 'shop.v2', role: 'sidecar', url: 'http://[::1]:80' }],
  ])('reads %s', (text, target) => {
    const parsed = parse(['--container', text]);
    expect(parsed.ok && parsed.config.container).toEqual([{ ...target, isNamed: true }]);
  });

  it('takes one value per line in the environment', () => {
    const parsed = parse([], { CONTAINER: 'a=http://h:1,sidecar\nb=http://h:2\n' });
    expect(parsed.ok && parsed.config.container.map(({ name, role }) => [name, role])).toEqual([
      ['a', 'sidecar'],
      ['b', undefined],
    ]);
  });

  it.each([
    [
      'http://127.0.0.1:8081',
      'expected NAME=URL[,ROLE], such as nginx=http://127.0.0.1:8080/healthz,application',
    ],
    ['web=https://h', 'expected NAME=URL[,ROLE], such as nginx=http://127.0.0.1:8080/healthz,application'],
    ['web=http://h,helper', 'expected the role to be one of init, application, ambassador, adaptor, sidecar'],
    ['web=http://h:70000', 'port out of range: expected 1 to 65535'],
    ['web=http://u:p@h', 'must not contain a login or #'],
  ])('refuses %s', (text, reason) => {
    const parsed = parse(['--container', text]);
    expect(parsed.ok ? [] : parsed.faults).toEqual([expect.stringContaining(reason)]);
  });
});
