import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { emptyLine } from '../frame/line.ts';
import { Pattern } from '../pattern/pattern.ts';
import { FieldEditor } from './field-editor.ts';
import { type EditorOptions, RegexEditor } from './line-editor.ts';
import { readParse } from './parse.ts';
import { credentialRedactions } from './redaction.ts';

/** Edits a line and returns it, with the reason if it has no fields. */
function edit(
  how: string,
  text: string,
  { part = 0, ...filters }: { part?: number } & Partial<EditorOptions> = {},
): { text: string | undefined; reasons: string[] } {
  const reasons: string[] = [];
  const before = new RegexEditor({
    ...{ include: [], exclude: [], redactions: credentialRedactions, now: () => 0, ...filters },
    ...{ onFiltered: () => undefined, onRedacted: () => undefined },
  });
  const { fields } = understood(readParse(how));
  if (fields === undefined) throw new Error('no fields are parsed');
  const editor = new FieldEditor({ before, read: fields, onNoFields: (reason) => reasons.push(reason) });
  const bytes = Buffer.from(`before\n${text}\n`);
  editor.begin({ bytes, end: bytes.length, base: 0 }, 7);
  const line = { ...emptyLine(), bytes, start: 7, end: bytes.length - 1, offset: 7, part };
  const isWanted = editor.edit(line);
  expect(line.offset).toBe(7);
  return { text: isWanted ? line.bytes.toString('utf8', line.start, line.end) : undefined, reasons };
}

const access = String.raw`/^(?<client>\S+) \S+ (?<user>\S+) \[(?<time>[^\]]+)\] "(?<message>[^"]*)" (?<status>\d+)( (?<bytes>\d+))?/`;

describe('FieldEditor', () => {
  it('makes an object of a logfmt line', () => {
    expect(edit('logfmt', 'level=info msg="a b"')).toEqual({
      ...{ text: '{"level":"info","msg":"a b"}', reasons: [] },
    });
  });

  it('makes an object of the named groups that match', () => {
    const line = '10.0.0.1 - eve [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200';
    expect(JSON.parse(edit(access, line).text ?? '')).toEqual({
      ...{ client: '10.0.0.1', user: 'eve', time: '31/Jan/2026:12:00:00 +0000' },
      ...{ message: 'GET / HTTP/1.1', status: '200' },
    });
  });

  it('keeps the whole line if no group is the message', () => {
    expect(edit('/level=(?<level>\\w+)/', 'x level=info "y"')).toMatchObject({
      text: '{"level":"info","message":"x level=info \\"y\\""}',
    });
  });

  it.each([
    ['not_logfmt', 'logfmt', 'server started'],
    ['no_match', '/^(?<level>[A-Z]+) /', 'server started'],
    ['too_slow', `/(?<a>y)${'x?'.repeat(500)}/`, 'y'.repeat(500_000)],
  ])('reports %s and leaves the line unchanged', (reason, how, text) => {
    expect(edit(how, text)).toEqual({ text, reasons: [reason] });
  });

  it('leaves JSON and parts of a longer line unchanged', () => {
    expect(edit('logfmt', '{"a":"b=c"}')).toEqual({ text: '{"a":"b=c"}', reasons: [] });
    expect(edit('logfmt', 'a=1', { part: 2 })).toEqual({ text: 'a=1', reasons: [] });
  });

  it('runs after filters and redactions', () => {
    const exclude = [understood(Pattern.read('level=debug'))];
    expect(edit('logfmt', 'level=debug', { exclude })).toEqual({ text: undefined, reasons: [] });
    expect(edit('logfmt', 'db=postgres://u:secret@h/d')).toMatchObject({
      text: '{"db":"postgres://u:***@h/d"}',
    });
  });
});

describe('readParse', () => {
  it.each([
    ['/level/', 'named group'],
    ['/(?<a>x/', 'missing closing'],
    ['/(?<a>x)(?<a>y)/', 'duplicate'],
    ['/(?<a>x)(?=y)/', 'Perl syntax'],
  ])('refuses %s', (text, reason) => {
    const read = readParse(text);
    expect(read).toHaveProperty('reason', expect.stringContaining(reason));
  });

  it.each(['regex', 'yaml', '', 'level=(?<a>x)'])('rejects %j', (text) => {
    expect(readParse(text)).toBeUndefined();
  });
});
