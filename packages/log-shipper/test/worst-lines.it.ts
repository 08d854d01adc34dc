import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { metric } from './support/admin.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl } from './support/shipper.ts';

const bundle = join(import.meta.dirname, '../dist/log-shipper.js');

/** A megabyte. */
const much = (text: string) => text.repeat(Math.floor(1_000_000 / text.length));
const worst = [
  'a',
  'a@',
  'a://',
  ':\\/\\/',
  'authorization',
  'authorization ',
  'eyJ',
  '1.',
  '1 ',
  'x',
  '{"a":',
  ' ',
];

it('stays alive while it ships the most expensive lines, and all arrive', async () => {
  using dir = tempDir();
  await using receiver = await Receiver.start();
  const text = worst.map((piece, index) => `${index} ${much(piece)}://@ ${index} end\n`).join('');
  writeFileSync(dir.file('a.log'), `first\n${text}${text}${much('k')}\nlast\n`);
  const names = ['email', 'jwt', 'ipv4', 'card-number', '/k*w|k/'];
  await using shipper = startProgram(
    bundle,
    [
      ...[`--paths=${dir.file('*.log')}`, `--sink=${receiver.url}`, `--state-dir=${dir.file('state')}`],
      ...['--admin-listen=127.0.0.1:0', '--max-line=2MiB', '--multiline=java', '--exclude=(a+a+)+!'],
      ...names.map((name) => `--redact=${name}`),
    ],
    {},
  );
  const admin = await adminUrl(shipper);
  const lines = 2 * worst.length + 3;
  const answers: number[] = [];
  while (receiver.records.length < lines) {
    const { status } = await fetch(`${admin}/livez`, { signal: AbortSignal.timeout(20_000) });
    answers.push(status);
    await receiver.received(Math.min(lines, receiver.records.length + 1), 30_000);
  }
  expect(answers.filter((status) => status !== 200)).toEqual([]);
  const messages = receiver.records.map(({ message }) => String(message));
  expect(messages.filter((message) => message.endsWith(' end'))).toHaveLength(2 * worst.length);
  expect(messages.at(-1)).toBe('last');
  // each character matches, and each search scans all that follow
  expect(messages.at(-2)).toMatch(/^\*+$/);
  const redacted = (pattern: string) => metric(admin, 'log_shipper_redacted_lines_total', { pattern });
  expect(await redacted('too-slow')).toBeGreaterThan(0);
  // a line that no longer fits in a batch is scanned again
  expect(await redacted('custom')).toBe(await redacted('too-slow'));
});
