import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { emptyLine } from '../frame/line.ts';
import { nextLine } from '../frame/next-line.ts';
import { type EditorOptions, RegexEditor } from './line-editor.ts';
import { credentialRedactions, readRedaction } from './redaction.ts';

/** Edits a text and returns its lines. */
function edit(text: string, options: Partial<EditorOptions> = {}) {
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const editor = new RegexEditor({
    ...{ include: [], exclude: [], redactions: credentialRedactions },
    onFiltered: () => count('filtered'),
    onRedacted: count,
    now: () => 0,
    ...options,
  });
  const bytes = Buffer.from(`${text}\n`);
  const chunk = {
    bytes: Buffer.concat([bytes, Buffer.from('stale https://me:pw@h\n')]),
    end: bytes.length,
    base: 0,
  };
  const state = { at: 0, parts: 0 };
  const line = emptyLine();
  const lines: string[] = [];
  editor.begin(chunk, 0);
  while (nextLine(chunk, state, { maxLine: 10_000, takesPartial: false }, line)) {
    if (editor.edit(line)) lines.push(line.bytes.toString('utf8', line.start, line.end));
  }
  return { lines, counts };
}

const redact = (text: string) => edit(text).lines.join('\n');

describe('credentials', () => {
  it.each([
    ['GET https://me:secret@host/path?x=1 200', 'GET https://me:***@host/path?x=1 200'],
    ['redis://:secret@h', 'redis://:***@h'],
    ['https://token@github.com/a', 'https://***@github.com/a'],
    ['{"url":"postgres://u:p%40ss@db:5432/x","n":1}', '{"url":"postgres://u:***@db:5432/x","n":1}'],
    [String.raw`{"url":"http:\/\/u:p@h\/"}`, String.raw`{"url":"http:\/\/u:***@h\/"}`],
    ['a://u:p@h b://u:q@h', 'a://u:***@h b://u:***@h'],
    ['https://u:p@ss@h/', 'https://u:***@h/'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer ***'],
    ['authorization: basic dTpw', 'authorization: basic ***'],
    ['Proxy-Authorization: Basic dTpw rest', 'Proxy-Authorization: Basic *** rest'],
    ['AUTHORIZATION=secret', 'AUTHORIZATION=***'],
    ["curl -H 'Authorization: Token abc' http://h", "curl -H 'Authorization: Token ***' http://h"],
    ['{"headers":{"authorization":"Bearer abc","a":1}}', '{"headers":{"authorization":"Bearer ***","a":1}}'],
    ['{"authorization" : ["Bearer abc"],"a":1}', '{"authorization" : ["Bearer ***"],"a":1}'],
    [
      String.raw`{"m":"{\"Authorization\":\"Bearer abc\"}"}`,
      String.raw`{"m":"{\"Authorization\":\"Bearer ***\"}"}`,
    ],
  ])('are hidden in %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'https://host/path',
    'https://host:8080/a@b',
    'mail me@host.example about http://host',
    'http://host/?to=a@b',
    'authorization failed',
    'no Authorization',
    'the authorization of me',
    'plain text',
    '',
  ])('are not found in %j', (text) => {
    expect(edit(text)).toEqual({ lines: [text], counts: {} });
  });

  it('are hidden, and other lines stay unchanged', () => {
    const lines = [
      'a',
      'http://u:p@h',
      '',
      'Authorization: x',
      'http://h',
      'b',
      'x://u:p@h Authorization: y',
      'c',
    ];
    expect(edit(lines.join('\n'))).toEqual({
      lines: [
        'a',
        'http://u:***@h',
        '',
        'Authorization: ***',
        'http://h',
        'b',
        'x://u:***@h Authorization: ***',
        'c',
      ],
      counts: { 'url-credentials': 2, authorization: 2 },
    });
  });
});

describe('readRedaction', () => {
  const apply = (what: string, text: string) =>
    edit(text, { redactions: [understood(readRedaction(what))] }).lines[0];

  it.each([
    ['email', 'from me.x+y@host.example to', 'from *** to'],
    ['jwt', 'token eyJhbGciOi.eyJzdWIi.abc-_ end', 'token *** end'],
    ['ipv4', 'from 10.1.2.255 port 1.2.3', 'from *** port 1.2.3'],
    ['card-number', 'card 4111 1111 1111 1111 ok 12345', 'card *** ok 12345'],
    ['/id=\\d+/', 'a id=1 b id=22', 'a *** b ***'],
    ['/ID=\\d+/i', 'a id=1', 'a ***'],
    ['url-credentials', 'a://u:p@h', 'a://u:***@h'],
  ])('hides %s', (what, text, expected) => {
    expect(apply(what, text)).toBe(expected);
  });

  it.each(['emails', '', '/', '//', '/a/x', 'toString'])('rejects %j', (what) => {
    expect(readRedaction(what)).toBeUndefined();
  });
});

describe('a line whose search takes too long', () => {
  it("is hidden from there on if a user's expression matches the rest, and is counted", () => {
    const redactions = ['/key=\\d/', '/id=\\d/', '/no/'].map((text) => understood(readRedaction(text)));
    let nowMs = 0;
    const now = () => {
      nowMs += 300;
      return nowMs;
    };
    const text = 'id=1 key=1 key=2 key=3 key=4 end';
    expect(edit(text, { redactions, now })).toEqual({
      lines: ['***'],
      counts: { 'too-slow': 1, custom: 2 },
    });
    expect(edit('id=1 key=1 end', { redactions }).lines).toEqual(['*** *** end']);
  });
});

describe('filters', () => {
  it('pass lines that are included and not excluded, and count the rest', () => {
    const text = 'keep a\nkeep b noise\nother\nkeep c';
    const options = { include: [/^keep/, /^never/], exclude: [/noise/] };
    expect(edit(text, options)).toEqual({ lines: ['keep a', 'keep c'], counts: { filtered: 2 } });
  });

  it('run before redaction', () => {
    const options = { exclude: [/secret/] };
    expect(edit('http://u:secret@h\nhttp://u:other@h', options).lines).toEqual(['http://u:***@h']);
  });
});
