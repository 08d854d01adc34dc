import { helpText, type Option, optionTable } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { envOf, flagsOf } from '../../packages/kit/src/options/option.ts';
import { programs } from './programs.ts';

describe.each(programs.map((program) => [program.name, program] as const))('--help of %s', (_, program) => {
  const help = helpText(program);
  const table = optionTable(program).replaceAll('\\|', '|');
  const options = Object.entries<Option<unknown>>(program.options);
  const namesOf = ([key, option]: (typeof options)[number], dashes: string) =>
    flagsOf(key, option)
      .map((name) => dashes + name)
      .join(', ');

  it('shows the words of each enumeration, as the table does', () => {
    for (const [key, option] of options.filter(([, { reader }]) => reader.words?.length)) {
      const usage = `${namesOf([key, option], '--')} ${option.reader.words?.join('|')}`;
      expect(help).toContain(usage);
      expect(table).toContain(usage);
    }
  });

  it('types the words of an enumeration once', () => {
    for (const [, { reader, placeholder }] of options) {
      expect(reader.words?.length ? placeholder : undefined).toBeUndefined();
    }
  });

  it('shows how to turn off a switch that is on by default, and describes its effect when on', () => {
    for (const [key, option] of options.filter(([, { isSwitch }]) => isSwitch)) {
      const isOn = option.default === 'true';
      const usage = namesOf([key, option], isOn ? '--[no-]' : '--');
      const row = table.split('\n').find((line) => line.startsWith(`| \`${usage}\` |`));
      expect(row?.split(' | ')[2]).toBe(isOn ? 'on' : 'off');
      const line = help.split('\n').find((one) => one.startsWith(`  ${usage}`));
      expect(line === undefined ? undefined : help.includes(`${option.description} (default on)`)).toBe(isOn);
    }
    expect(help).not.toMatch(/^ {2}--no-/m);
  });

  it('shows the file form of secrets, and -h', () => {
    for (const [key, option] of options) {
      const name = envOf(key, option);
      expect(help).toContain(option.secret ? `[${name}, ${name}_FILE]` : `[${name}]`);
    }
    expect(help).toMatch(/^ {2}-h, --help /m);
  });

  it('offers --probe if it has an admin port', () => {
    expect(help.includes('--probe live|ready')).toBe('adminListen' in program.options);
  });

  it('ends with two or three examples', () => {
    const examples = program.examples ?? [];
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(3);
    expect(help.endsWith(`  ${examples.at(-1)?.command}\n`)).toBe(true);
  });
});
