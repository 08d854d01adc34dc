import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { emptyLine } from '../frame/line.ts';
import { EventFollower, readMultiline } from '../frame/multiline.ts';
import { Pattern } from '../pattern/pattern.ts';
import { JsonObjectScanner } from './json-object.ts';
import { RegexEditor } from './line-editor.ts';
import { readParse } from './parse.ts';
import { namedRedactions, type Redaction, readRedaction } from './redaction.ts';
import { TimeFormat } from './time/format.ts';
import { utc } from './time/zone.ts';
import { putTime, timeRoom } from './time.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

/** The most expensive lines for each part that scans lines. */
const lines: ReadonlyArray<readonly [name: string, line: string]> = [
  ['letters of a scheme', `${much('a')}://`],
  ['colons and slashes', much('://')],
  ['URLs without a host', much('a://')],
  ['a login without an end', `a://${much('x')}`],
  ['logins without a host', much('a://b:')],
  ['many at signs in a URL', `a://${much('@')}`],
  ['URLs with credentials', much('a://b:c@d ')],
  ['escaped slashes', much(':\\/\\/')],
  ['the word authorization', much('authorization')],
  ['authorization and blanks', `authorization${much(' ')}`],
  ['a value that is all blanks', `authorization:${much(' ')}`],
  ['authorization and quotes', `authorization${much('"')}`],
  ['authorization, a bracket and blanks', `authorization: [${much(' ')}]`],
  ['authorization without a token', much('authorization:bearer ')],
  ['words before an at sign', `${much('a')}@`],
  ['at signs', much('a@')],
  ['labels of a host', `me@${much('a.')}`],
  ['a host that is one label', `@${much('a')}`],
  ['beginnings of a token', much('eyJ')],
  ['tokens without a signature', much('eyJa.eyJ')],
  ['dashes and tokens', much('-eyJ')],
  ['digits', much('1')],
  ['digits and dots', much('1.')],
  ['digits, blanks and dashes', much('1 1-')],
  ['the letter x', much('x')],
  ['blanks', much(' ')],
  ['Java packages', `${much('a.')}!`],
  ['dollar signs of a Java name', `a${much('$')}`],
  ['a Go call', `${much('a(')}`],
  ['Go calls', much('a()')],
  ['braces', much('{')],
  ['brackets in an object', `{"a":${much('[')}`],
  ['a string without an end', `{"${much('\\u0061')}`],
  ['an object of many fields', `{${much('"time":1,').slice(0, -1)}}`],
  ['a number', `{"time":${much('1')}}`],
  ['pairs', much('a=1 ')],
  ['pairs of many names', Array.from({ length: 100_000 }, (_, index) => `a${index}=1`).join(' ')],
  ['a pair and blanks', `a=1${much(' ')}=`],
  ['a value that is all escapes', `a="${much('\\')}"`],
  ['a value without an end', `a="${much('x')}`],
  ['underscores', `{"${much('_')}":1}`],
];

function editorOf(redactions: readonly Redaction[], filters: readonly Pattern[] = []): RegexEditor {
  return new RegexEditor({
    ...{ include: [], exclude: filters, redactions, now: () => performance.now() },
    ...{ onFiltered: () => undefined, onRedacted: () => undefined },
  });
}

function edit(editor: RegexEditor, text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  editor.begin({ bytes, end: bytes.length, base: 0 }, 0);
  editor.edit({ ...emptyLine(), bytes, end: bytes.length - 1 });
}

const custom = ['/x*y|x/', '/(?:a+)+!/', '/\\w+@\\w+\\.com/', '/[a-f0-9]{32,64}/', '/\\s+$/'].map((text) =>
  understood(readRedaction(text)),
);
const filters = ['(a|a)*!', 'x*y', '\\s+$'].map((text) => understood(Pattern.read(text)));

describe.each(lines)('a megabyte of %s takes linear time', (_, line) => {
  it('with all named redactions', () => {
    const editor = editorOf(Object.values(namedRedactions));
    expect(secondsOf(() => edit(editor, line))).toBeLessThan(mostSeconds);
  });

  it("with a user's redactions and filters", () => {
    const editor = editorOf(custom, filters);
    expect(secondsOf(() => edit(editor, line))).toBeLessThan(mostSeconds);
  });

  it('in the search for stack traces of all languages', () => {
    for (const how of ['java', 'python', 'node', 'go', '/^\\S+x*y/']) {
      const follower = new EventFollower(understood(readMultiline(how)));
      for (const first of ['a', 'Traceback (most recent call last):', '    at x', 'panic: x', '']) {
        follower.begin({ ...emptyLine(), bytes: Buffer.from('a'), end: 1 });
        follower.continues(first);
        expect(secondsOf(() => follower.continues(line))).toBeLessThan(mostSeconds);
      }
    }
  });

  it('when parsed for fields', () => {
    for (const how of ['logfmt', '/^(?<a>(?:x|y)*)(?<b>.*)(?<c>!)$/', '/(?<a>\\w+)(?: (?<b>\\w+))*=/']) {
      const { fields } = understood(readParse(how));
      expect(secondsOf(() => fields?.(line))).toBeLessThan(mostSeconds);
    }
  });

  it('when parsed as JSON and as a time', () => {
    const bytes = Buffer.from(line);
    const scanner = new JsonObjectScanner();
    expect(secondsOf(() => scanner.scan(bytes, 0, bytes.length))).toBeLessThan(mostSeconds);
    const forms = { zone: utc, format: understood(TimeFormat.read('%d %b %Y %H:%M:%S.%f %z')), now: () => 0 };
    const range = { bytes, start: 0, end: bytes.length };
    expect(secondsOf(() => putTime(Buffer.alloc(timeRoom), 0, range, forms))).toBeLessThan(mostSeconds);
  });
});

describe('a megabyte of empty lines', () => {
  it('after a line is not scanned again for each of them', () => {
    const bytes = Buffer.alloc(1_000_000, '\n');
    const scanner = new JsonObjectScanner();
    const all = () => {
      for (let at = 0; at < bytes.length; at++) scanner.scan(bytes, at, at);
    };
    expect(secondsOf(all)).toBeLessThan(mostSeconds);
  });
});
