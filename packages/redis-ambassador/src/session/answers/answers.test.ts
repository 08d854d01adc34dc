import { expect, it } from 'vitest';
import { allCommands } from '../../command/command-table.ts';
import { answers } from './answers.ts';

it('the ambassador has its own answer for every command whose row says so, and for no other', () => {
  const all = [...allCommands()].flatMap((command) => [command, ...(command.subcommands?.values() ?? [])]);
  const answered = all.filter(({ does }) => ['here', 'hello', 'quit', 'reset', 'select'].includes(does));
  expect([...answers.keys()].sort()).toEqual(answered.map(({ name }) => name).sort());
});
