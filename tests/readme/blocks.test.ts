import { expect, it } from 'vitest';
import { commandBlocks, matchesOutput } from './blocks.ts';

it('takes the sh blocks, with what they need, where they are, and the text block that follows', () => {
  const markdown = [
    '# T',
    '```sh',
    'echo a',
    'echo b',
    '```',
    'You see:',
    '```text',
    'a',
    '```',
    '```sh docker',
    'x',
    '```',
    '```yaml',
    'k: v',
    '```',
  ].join('\n');
  expect(commandBlocks(markdown)).toEqual([
    { commands: 'echo a\necho b', needs: undefined, expected: 'a', line: 2 },
    { commands: 'x', needs: 'docker', expected: undefined, line: 10 },
  ]);
});

it.each([
  ['a\nb', 'a\nb', true],
  ['a\nb', 'b', true],
  ['a\nb', 'a', true],
  ['ab', 'a', false],
  ['a\nx\ny\nb', 'a\n…\nb', true],
  ['a\nb', 'a\n…\nb', true],
  ['a', 'a\n…', true],
  ['a\nb\nc', 'a\n…', true],
  ['a', '…\na', true],
  ['b', 'a\n…', false],
  ['ready in 12 ms', 'ready in … ms', true],
  ['ready in 12 s', 'ready in … ms', false],
  ['b\na', 'a\nb', false],
  ['a (1+1)', 'a (1+1)', true],
])('output %j against %j: %s', (output, expected, matches) => {
  expect(matchesOutput(output, expected)).toBe(matches);
});
