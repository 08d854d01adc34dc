import { type Option, type Program, parseOptions } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { flagOf } from '../../packages/kit/src/options/option.ts';
import { programs } from './programs.ts';

function faults(program: Program, argv: readonly string[]): readonly string[] {
  const parsed = parseOptions(program, { argv, env: {} });
  return parsed.ok ? [] : parsed.faults.filter((fault) => !fault.includes(': is required'));
}

/** Common wrong values; each option refuses some of them. */
const wrong = [
  ...['', ' ', '-1', '0', '5', '70000', ':70000', 'h:70000', 'h:0', 'http://h:70000', 'redis://h:70000/0'],
  ...[
    'loud',
    'a b',
    '1e3',
    '12Kb',
    '999999999999999GiB',
    '30d',
    '5 s',
    '(',
    '[z-a]',
    '/(/',
    '/a/x',
    '=x',
    'k=v',
  ],
  ...[
    'https://h#bearr=/x',
    'redis://h?db=1',
    'redis://h/x',
    'file:x',
    'unix:x',
    'http://h?x#y',
    '/nowhere',
    '\0',
  ],
];

const named = programs.map((program) => [program.name, program] as const);

describe.each(named)('%s', (_, program) => {
  const options = Object.entries<Option<unknown>>(program.options).filter(([, { isSwitch }]) => !isSwitch);

  it.each(options.map(([key, option]) => [flagOf(key, option), option] as const))(
    'refuses a wrong --%s by one line with its name, the value and a reason',
    (flag, option) => {
      for (const text of wrong) {
        const told = faults(program, [`--${flag}=${text}`]);
        if (told.length === 0) continue;
        expect(told).toHaveLength(1);
        expect(told[0]).toMatch(new RegExp(`^--${flag} ".*": \\S+ .{4,}$`));
      }
      expect(option.reader.expected).toMatch(/./);
    },
  );

  it('reports all faults, also with unknown options between them', () => {
    const [first, second] = options.filter(
      ([, { reader }]) => reader.words?.length || /a duration/.test(reader.expected),
    );
    const flags = [first, second].flatMap((one) => (one === undefined ? [] : [`--${flagOf(...one)}`]));
    const told = faults(program, ['--nope', `${flags[0]}=!`, '--zzz', 'value', flags[1] ?? '', '!']);
    expect(told.map((fault) => fault.replace(/ "!".*/, ''))).toEqual([
      '--nope: unknown option',
      '--zzz: unknown option',
      ...flags,
    ]);
  });
});

it.each(named.filter(([, { options }]) => !('adminListen' in options)))(
  '%s is no service and knows no --probe',
  (_, program) => {
    expect(faults(program, ['--probe', 'ready'])).toEqual(['--probe: unknown option']);
  },
);

const byName = new Map(named);
const ports = (from: number) => `port out of range: expected ${from} to 65535`;

it.each([
  ['web', '--listen', ':70000', ports(0)],
  ['web', '--statsd', 'h:0', ports(1)],
  ['web', '--redis-url', 'redis://h:70000/0', ports(1)],
  ['pod-page', '--app', 'http://h:70000', ports(1)],
  ['log-shipper', '--sink', 'https://h:70000/in', ports(1)],
  ['log-shipper', '--sink', 'loki+http://h:70000', ports(1)],
  ['log-shipper', '--admin-listen', '[::1]:70000', ports(0)],
  ['statsd-adaptor', '--statsd.listen-udp', ':70000', ports(0)],
  ['statsd-adaptor', '--statsd.relay.address', 'h:70000', ports(1)],
  ['statsd-adaptor', '--web.listen-address', ':70000', ports(0)],
  ['redis-ambassador', '--listen', ':70000', ports(0)],
  ['redis-ambassador', '--upstream', 'rediss://h:70000', ports(1)],
  ['log-shipper', '--sink', 'https://h#bearr=/x', 'unknown key "bearr" (did you mean bearer?)'],
  ['redis-ambassador', '--upstream', 'unix:/run/x?dbs=1', 'unknown key "dbs" (did you mean db?)'],
  ['web', '--redis-url', 'redis://h/0?family=6', 'must not contain ? or #'],
  ['web', '--redis-url', 'redis://h/cache', 'the path is not a database number'],
] as const)('%s %s %s', (name, flag, value, reason) => {
  const program = byName.get(name);
  const told = program === undefined ? [] : faults(program, [flag, value]);
  expect(told).toEqual([expect.stringMatching(new RegExp(`^${flag} ".+": `))]);
  expect(told[0]?.endsWith(`: ${reason}`)).toBe(true);
});
