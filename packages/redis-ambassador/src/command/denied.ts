import { Refusal } from '@pod-patterns/kit';
import type { Command } from './command.ts';
import { allCommands } from './command-table.ts';

/** Reads `COMMAND[|SUB],…` into lower-case names, as Redis writes them. */
export function readDenied(text: string): readonly string[] | Refusal {
  const known = new Set(
    [...allCommands()].flatMap(({ name, subcommands }) => [
      name,
      ...[...(subcommands?.values() ?? [])].map((subcommand) => subcommand.name),
    ]),
  );
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return names.every((name) => known.has(name)) ? names : new Refusal('contains an unknown command');
}

/** Builds the table of all commands, with the named ones refused. */
export function* withDenied(names: readonly string[]): Generator<Command> {
  const denied = new Set(names);
  for (const command of allCommands()) {
    const subcommands = [...(command.subcommands ?? [])].map(
      ([word, one]) => [word, denied.has(command.name) || denied.has(one.name) ? denying(one) : one] as const,
    );
    const isTouched = denied.has(command.name) || subcommands.some(([, { does }]) => does === 'denied');
    if (!isTouched) yield command;
    else {
      const own = denied.has(command.name) ? denying(command) : { ...command, isPlain: false };
      yield { ...own, subcommands: subcommands.length === 0 ? undefined : new Map(subcommands) };
    }
  }
}

function denying(command: Command): Command {
  return { ...command, does: 'denied', isPlain: false };
}
