import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { misused, proseLines, publicTexts, refusedWords, senses, sentences } from './glossary.ts';

const root = join(import.meta.dirname, '../..');
const words = refusedWords(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

/** A text of a file, on the first line of its page. */
function said(text: string, file = 'README.md', section = '') {
  return { file, line: 1, section, text };
}

type Case = [text: string, file?: string, section?: string];

const refused: Case[] = [
  ['the master of the shard'],
  ['lost two slaves'],
  ['link to Redis lost', 'packages/redis-ambassador/src/upstream/link.ts'],
  ['the link is lost'],
  ['opens a link to the server'],
  ['the backend does not answer', 'packages/redis-ambassador/README.md'],
  ['a companion of the application'],
  ['the health checks fail'],
  ['the helper winds down'],
  ['the ambassador repeats the request'],
  ['rolls the log at midnight'],
  ['the acknowledged offset'],
  ['write an output plugin'],
  ['sends each chunk', 'packages/log-shipper/README.md'],
  ['memory usage of the pod'],
];

const allowed: Case[] = [
  ['`master_link_status` is up'],
  ['SENTINEL masters'],
  ['redis-sentinel://sentinel:26379/mymaster'],
  ['a symbolic link that leaves the folder', 'packages/log-shipper/README.md'],
  ['see [backends](../../k8s/backends/redis/README.md)', 'packages/redis-ambassador/README.md'],
  ['the backend takes no old lines'],
  ['no answer to a health check', 'packages/wait-for/src/kinds/grpc/probe.ts'],
  ['the health check of Docker'],
  ['a rolling update'],
  ['a line that is repeated'],
  ['the receiver names the chunk', 'packages/log-shipper/README.md', '### Fluentd and Fluent Bit'],
  ['a chunk outside a streamed string', 'packages/redis-ambassador/src/resp/reply-scanner.ts'],
];

describe('the glossary of CONTRIBUTING.md', () => {
  it('refuses words', () => {
    expect(words).toEqual(expect.arrayContaining(['link', 'master', 'slave', 'companion', 'wind down']));
    expect(words).toHaveLength(new Set(words).size);
  });

  it('has each word that this test knows a sense of', () => {
    expect(senses.map(({ word }) => word).filter((word) => !words.includes(word))).toEqual([]);
  });

  it('is kept by every public text', () => {
    const texts = publicTexts(root);
    expect(texts.length).toBeGreaterThan(5_000);
    expect(
      texts.flatMap((text) =>
        misused(words, text).map((word) => `${text.file}:${text.line}: ${word}: ${text.text}`),
      ),
    ).toEqual([]);
  });
});

describe('a public text', () => {
  it.each(refused)('may not say %j', (text, file) => {
    expect(misused(words, said(text, file))).toHaveLength(1);
  });

  it('has a case above for each word of the table', () => {
    const found = refused.flatMap(([text, file]) => misused(words, said(text, file)));
    expect(new Set(found)).toEqual(new Set(words));
  });

  it.each(allowed)('may say %j', (text, file, section) => {
    expect(misused(words, said(text, file, section))).toEqual([]);
  });

  it('is a string of a program that has a space, and no comment', () => {
    const source =
      "// a master\nlog.warn('lost the master');\n/* a slave */ const a = ['slave', `the link`];";
    expect(sentences('a.ts', source).map(({ line, text }) => [line, text])).toEqual([
      [2, 'lost the master'],
      [3, 'the link'],
    ]);
  });

  it('is a line of a page outside of its code', () => {
    expect(
      proseLines('a.md', '# A\nb\n```sh\nmaster\n```\nc').map(({ text, section }) => [text, section]),
    ).toEqual([
      ['# A', '# A'],
      ['b', '# A'],
      ['```', '# A'],
      ['c', '# A'],
    ]);
  });
});
