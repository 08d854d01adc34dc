import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../../testing/temp-dir.ts';
import { serviceOptions } from './common.ts';
import { flag, option, type Program, repeatable } from './option.ts';
import { parseOptions } from './parse.ts';
import { oneOf, Refusal } from './reader.ts';
import { bytes, durationMs, hostPort, integer, remoteHostPort, text } from './readers.ts';

const program = {
  name: 'thing',
  version: '1.2.3',
  summary: 'A thing',
  options: {
    listen: option(hostPort, { description: 'where', default: '127.0.0.1:6379' }),
    upstream: option(text, { description: 'whither', required: true, secret: 'url' }),
    password: option(text, { description: 'word', secret: true }),
    label: repeatable(text, { description: 'labels' }),
    place: repeatable(text, { description: 'places', hasCommas: true }),
    links: option(integer(1, 8), { description: 'how many', default: '2', deprecatedFlag: 'wires' }),
    verbose: flag({ description: 'more' }),
    dotted: option(text, { description: 'dotted', flag: 'web.path', alias: 'path', default: '/' }),
    ...serviceOptions(9100),
  },
} satisfies Program;

const parse = (line: string, env: Record<string, string> = {}) =>
  parseOptions(program, { argv: line === '' ? [] : line.split(' '), env: { UPSTREAM: 'redis://h', ...env } });

describe('values', () => {
  it.each([
    ['a default', '', {}, { listen: { host: '127.0.0.1', port: 6379 }, links: 2, verbose: false, label: [] }],
    ['a flag with a blank', '--links 3', {}, { links: 3 }],
    ['a flag with =', '--links=3', {}, { links: 3 }],
    ['a deprecated name of a flag', '--wires=3', {}, { links: 3 }],
    ['the environment', '', { LINKS: '4' }, { links: 4 }],
    ['the flag over the environment', '--links 3', { LINKS: '4' }, { links: 3 }],
    ['the default instead of an empty variable', '', { LINKS: '' }, { links: 2 }],
    ['a switch', '--verbose', {}, { verbose: true }],
    ['a negated switch', '--no-verbose', { VERBOSE: 'true' }, { verbose: false }],
    ['a switch in the environment', '', { VERBOSE: 'yes' }, { verbose: true }],
    ['a repeated flag', '--label a --label b', {}, { label: ['a', 'b'] }],
    ['lines in the environment whose values have commas', '', { PLACE: 'a,b\n c ' }, { place: ['a,b', 'c'] }],
    ['a list in the environment', '', { LABEL: 'a, b,\nc' }, { label: ['a', 'b', 'c'] }],
    ['a dotted flag', '--web.path=/x', {}, { dotted: '/x' }],
    ['the second name of a flag', '--path /z', {}, { dotted: '/z' }],
    ['the variable of a dotted flag', '', { WEB_PATH: '/y' }, { dotted: '/y' }],
    ['a flag whose value begins with a dash', '--password=-x', {}, { password: '-x' }],
  ])('are taken from %s', (_, line, env, expected) => {
    expect(parse(line, env)).toMatchObject({ ok: true, config: expected });
  });

  it('are read from the file in NAME_FILE for a secret, without its final newline', () => {
    using dir = tempDir();
    writeFileSync(dir.file('pw'), 's3cret \n');
    expect(parse('', { PASSWORD_FILE: dir.file('pw') })).toMatchObject({
      ok: true,
      config: { password: 's3cret ' },
    });
  });
});

const hostPortForm = 'expected HOST:PORT, such as 127.0.0.1:6379, :9102 or [::1]:80';
const listenFault = (text: string) => `--listen "${text}": ${hostPortForm}`;
const linksFault = (text: string) => `--links "${text}": expected a whole number from 1 to 8`;
const levelFault = '--log-level "loud": expected one of error, warn, info, debug';

describe('faults', () => {
  it.each([
    ['--lisen :1', '--lisen: unknown option (did you mean --listen?)'],
    ['--zzz', '--zzz: unknown option'],
    ['--links', '--links: has no value: expected a whole number from 1 to 8'],
    ['-links 3', '-links: unknown option (did you mean --links?)'],
    ['-shutdown-timeout 5s', '-shutdown-timeout: unknown option (did you mean --shutdown-timeout?)'],
    ['--listen :70000', '--listen ":70000": port out of range: expected 0 to 65535'],
    ['--shutdown-timeout 30d', '--shutdown-timeout "30d": too long: expected at most 24d'],
    ['--help=x', '--help "x": takes no value'],
    ['--no-help', '--no-help: unknown option (did you mean --help?)'],
    ['--links 9', '--links "9": expected a whole number from 1 to 8'],
    ['--links 1 --links 2', '--links: given more than once'],
    ['--wires 1 --links 2', '--links: given more than once'],
    ['--wire 1', '--wire: unknown option'],
    ['--path /a --web.path /b', '--web.path: given more than once'],
    ['--no-links', '--no-links: only a switch can be negated'],
    ['--verbose=1', '--verbose "1": a switch takes no value'],
    ['--listen 6379', '--listen "6379": expected HOST:PORT, such as 127.0.0.1:6379, :9102 or [::1]:80'],
    ['--log-level loud', '--log-level "loud": expected one of error, warn, info, debug'],
    ['--probe maybe', '--probe "maybe": expected live or ready'],
    ['extra', '"extra": thing takes no operands'],
    ['-- cmd', '--: thing takes no command'],
    ['-x', '-x: unknown option'],
  ])('%s', (line, expected) => {
    expect(parse(line)).toMatchObject({ ok: false, faults: [expected] });
  });

  it('are all reported at once', () => {
    const parsed = parseOptions(program, { argv: ['--links', '9', '--verbos'], env: { LISTEN: 'x' } });
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.faults).toEqual([
      '--verbos: unknown option (did you mean --verbose?)',
      'LISTEN "x": expected HOST:PORT, such as 127.0.0.1:6379, :9102 or [::1]:80',
      '--upstream: is required (or UPSTREAM, UPSTREAM_FILE): expected some text',
      '--links "9": expected a whole number from 1 to 8',
    ]);
  });

  it.each([
    ['--nope --listen bad', ['--nope: unknown option', listenFault('bad')]],
    ['--nope value --links 9', ['--nope: unknown option', linksFault('9')]],
    [
      '--nope=value --links 9 extra',
      ['--nope: unknown option', '"extra": thing takes no operands', linksFault('9')],
    ],
    ['--lisen :1 --links 9', ['--lisen: unknown option (did you mean --listen?)', linksFault('9')]],
    [
      '--verbos extra',
      ['--verbos: unknown option (did you mean --verbose?)', '"extra": thing takes no operands'],
    ],
    ['--listen --links 9', [`--listen: has no value: ${hostPortForm}`, linksFault('9')]],
    [
      '--listen --foo',
      [
        '--foo: unknown option',
        `--listen: has no value: ${hostPortForm}; write a value that begins with -- as --listen=--…`,
      ],
    ],
    [
      '--listen bad --listen :1 --log-level loud',
      ['--listen: given more than once', listenFault('bad'), levelFault],
    ],
    ['--upstream', ['--upstream: has no value: expected some text']],
  ])('are all reported for %s', (line, expected) => {
    expect(parse(line)).toMatchObject({ ok: false, faults: expected });
  });

  it('leave the configuration complete if they concern no option', () => {
    expect(parse('--nope --links 3 extra')).toMatchObject({ ok: false, config: { links: 3 } });
    expect(parse('--nope --links 9')).toMatchObject({
      ok: false,
      config: undefined,
      right: { links: undefined },
    });
  });

  it('leave the valid options', () => {
    expect(parse('--links 9 --listen :7')).toMatchObject({
      right: { listen: { port: 7 }, logLevel: 'info' },
    });
  });

  it('name an unreadable secret file', () => {
    expect(parse('', { PASSWORD_FILE: '/nowhere' })).toMatchObject({
      ok: false,
      faults: [expect.stringContaining('PASSWORD_FILE "/nowhere": ENOENT')],
    });
  });

  it('refuse a secret that is given twice', () => {
    expect(parse('', { PASSWORD: 'a', PASSWORD_FILE: '/nowhere' })).toMatchObject({
      faults: ['PASSWORD: given as PASSWORD and as PASSWORD_FILE'],
    });
  });

  it.each([
    ['web=redis://h?cax=c:re%40t', 'web=redis://h?***'],
    ['web=http://u:cret@h/x,application', 'web=http://u:***@h/x,application'],
  ])('show the name before a URL but no possible secret in it: %s', (given, shown) => {
    const named = { ...program, options: { container: option(integer(), { description: 'c' }) } };
    const parsed = parseOptions(named, { argv: ['--container', given], env: {} });
    expect(parsed).toMatchObject({ faults: [`--container "${shown}": expected a whole number from 0`] });
  });

  it('never show a secret', () => {
    const secretProgram = {
      ...program,
      options: { pin: option(integer(), { description: 'p', secret: true }) },
    };
    expect(parseOptions(secretProgram, { argv: ['--pin', 'hunter2'], env: {} })).toMatchObject({
      faults: ['--pin "***": expected a whole number from 0'],
    });
  });
});

describe('requests', () => {
  it.each([
    ['--help', 'help'],
    ['-h', 'help'],
    ['--version', 'version'],
    ['--check-config', 'check-config'],
    ['--print-config', 'print-config'],
    ['--probe ready', 'probe-ready'],
    ['--probe=live', 'probe-live'],
  ])('are recognized: %s', (line, request) => {
    expect(parse(line)).toMatchObject({ ok: true, request });
  });

  it('for a probe exist only in services', () => {
    const tool = { ...program, options: { fast: flag({ description: 'f' }) } };
    expect(parseOptions(tool, { argv: ['--probe', 'ready'], env: {} })).toMatchObject({
      ok: false,
      request: undefined,
      faults: ['--probe: unknown option'],
    });
  });

  it('are recognized despite other faults', () => {
    expect(parse('--help --nope')).toMatchObject({ ok: false, request: 'help' });
  });
});

it('prints a configuration as the user would write it, with secrets hidden', () => {
  const parsed = parse('--listen :7 --label a', { PASSWORD: 'x', UPSTREAM: 'redis://u:p@h/1' });
  expect(parsed.ok && parsed.printable()).toMatchObject({
    LISTEN: ':7',
    LABEL: ['a'],
    PASSWORD: '***',
    UPSTREAM: 'redis://u:***@h/1',
    SHUTDOWN_TIMEOUT: '20s',
    WEB_PATH: '/',
  });
});

describe('operands and command', () => {
  const waiting = {
    ...program,
    operands: 'TARGET…',
    takesCommand: true,
    isOperand: (word: string) => word.includes(':'),
    options: { fast: flag({ description: 'f' }), limit: option(integer(), { description: 'l' }) },
  };

  it('are separated by --', () => {
    const argv = ['a', '--fast', 'b', '--', 'run', '--fast', '--', 'x'];
    expect(parseOptions(waiting, { argv, env: {} })).toMatchObject({
      ok: true,
      operands: ['a', 'b'],
      command: ['run', '--fast', '--', 'x'],
    });
  });

  it.each([
    ['the nearest option takes a value', 'a --limt 5m b', ['a', 'b']],
    ['the nearest option is a switch', 'a --fats 5m b', ['a', '5m', 'b']],
    ['no option is near and the word does not look like an operand', 'a --nope 5m b', ['a', 'b']],
    ['no option is near and the word looks like an operand', 'a --nope tcp:1 b', ['a', 'tcp:1', 'b']],
    ['a value follows =', 'a --limt=5m b', ['a', 'b']],
  ])('are recognized after an unknown option if %s', (_, line, operands) => {
    expect(parseOptions(waiting, { argv: line.split(' '), env: {} })).toMatchObject({
      ok: false,
      faults: [expect.stringMatching(/^--\w+: unknown option/)],
      operands,
    });
  });

  it('need a command after --', () => {
    expect(parseOptions(waiting, { argv: ['a', '--'], env: {} })).toMatchObject({
      faults: ['--: expected a command after it'],
    });
  });
});

describe('readers', () => {
  it.each([
    [durationMs, '250ms', 250],
    [durationMs, '1m30s', 90_000],
    [durationMs, '0', 0],
    [durationMs, '1.5s', 1500],
    [durationMs, '5', undefined],
    [durationMs, '-1s', undefined],
    [durationMs, '1s ', undefined],
    [bytes, '64KiB', 65_536],
    [bytes, '1MB', 1_000_000],
    [bytes, '12', 12],
    [bytes, '1KB5', undefined],
    [hostPort, ':0', { host: undefined, port: 0 }],
    [hostPort, '[::1]:80', { host: '::1', port: 80 }],
    [hostPort, 'redis.svc:6379', { host: 'redis.svc', port: 6379 }],
    [hostPort, '::1:80', undefined],
    [hostPort, '[x]:80', undefined],
    [hostPort, 'h:65536', undefined],
    [remoteHostPort, 'h:0', undefined],
    [remoteHostPort, 'h:1', { host: 'h', port: 1 }],
    [durationMs, '24d', 2_073_600_000],
    [durationMs, '25d', undefined],
    [bytes, '999999999999999GiB', undefined],
    [hostPort, 'h:', undefined],
    [oneOf('a', 'b'), 'b', 'b'],
    [oneOf('a', 'b'), 'B', undefined],
    [integer(1, 5), '1e0', undefined],
    [integer(1, 5), '', undefined],
  ])('row %#: %o reads %j', ({ read }, input, expected) => {
    const value = read(input);
    expect(value instanceof Refusal ? undefined : value).toEqual(expected);
  });
});
