import { expect, it } from 'vitest';
import { serviceOptions } from './common.ts';
import { helpText, optionTable } from './help.ts';
import { flag, option, type Program } from './option.ts';
import { oneOf } from './reader.ts';
import { hostPort, text } from './readers.ts';

const program = {
  name: 'thing',
  version: '1.2.3',
  summary: 'A thing',
  operands: 'TARGET…',
  takesCommand: true,
  options: {
    listen: option(hostPort, { description: 'Where', placeholder: 'HOST:PORT', required: true }),
    token: option(text, { description: 'a|b', secret: true }),
    mode: option(oneOf('a', 'b'), { description: 'How', default: 'a' }),
    fast: flag({ description: 'Faster' }),
    safe: flag({ description: 'Safer', default: 'true', flag: 'thing.safe', alias: 'safe' }),
  },
  examples: [{ purpose: 'Now', command: "thing --token 'x y' tcp://a" }],
} satisfies Program;

it('shows usage, options with their variables, and the common requests', () => {
  expect(helpText(program)).toBe(`thing 1.2.3: A thing

Usage: thing [OPTION…] TARGET… [-- COMMAND ARG…]

Options:
  --listen HOST:PORT              Where (required) [LISTEN]
  --token VALUE                   a|b [TOKEN, TOKEN_FILE]
  --mode a|b                      How (default a) [MODE]
  --fast                          Faster [FAST]
  --[no-]thing.safe, --[no-]safe  Safer (default on) [THING_SAFE]
  -h, --help                      Show this and exit
  --version                       Show the version and exit
  --check-config                  Say whether the configuration is valid and exit
  --print-config                  Show the configuration as JSON, secrets hidden, and exit

Examples:
  # Now
  thing --token 'x y' tcp://a
`);
});

it('offers --probe to programs with an admin port', () => {
  const service = { ...program, options: serviceOptions(9100) };
  expect(helpText(service)).toContain('--probe live|ready');
});

it('makes a Markdown table of the options, with the file form of secrets', () => {
  expect(optionTable(program)).toBe(`| option | environment | default | meaning |
|---|---|---|---|
| \`--listen HOST:PORT\` | \`LISTEN\` | **required** | Where |
| \`--token VALUE\` | \`TOKEN\`, \`TOKEN_FILE\` | – | a\\|b |
| \`--mode a\\|b\` | \`MODE\` | \`a\` | How |
| \`--fast\` | \`FAST\` | off | Faster |
| \`--[no-]thing.safe, --[no-]safe\` | \`THING_SAFE\` | on | Safer |`);
});
