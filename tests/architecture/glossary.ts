import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { trackedFiles } from './tracked-files.ts';

/** A text that users read: a sentence of a program, a line of a page, or the text of an alert. */
export interface PublicText {
  readonly file: string;
  readonly line: number;
  /** Heading above a line of a page. */
  readonly section: string;
  readonly text: string;
}

/** Where a word of the third column is refused, if not in every text. */
interface Sense {
  readonly word: string;
  readonly pattern?: RegExp;
  /** Files that the sense is limited to. */
  readonly files?: RegExp;
  /** Files, sections and texts in which the word is right. */
  readonly except?: RegExp;
  readonly because: string;
}

const retried =
  /\brepeat(?:s|ed|ing)? (?:the |an? |each |every |its )?(?:request|command|connection|attempt)s?\b/i;
const broken = /\blinks? (?:is|are|was|were) (?:lost|closed|down)\b/i;
const joined =
  /\blinks? (?:to|with) (?:the |an? )?(?:upstream|redis|server|primary|replica|client|sink|receiver)\b/i;
const lostPosition = /\b(?:acknowledged|committed|saved|shipped) offsets?\b/i;

/** The third column of the glossary has words with other meanings. A word that is not here is refused wherever it stands. */
export const senses: readonly Sense[] = [
  { word: 'master', except: /SENTINEL|mymaster|master_/, because: "Redis' own words" },
  {
    word: 'slave',
    except: /SENTINEL|slave_|jnlp-slave/,
    because: "Redis' own words, and the name of an image",
  },
  {
    word: 'link',
    files: /redis-ambassador|data-path-of-the-ambassador/,
    because: 'links are of files, or of pages',
  },
  { word: 'link', pattern: broken, because: 'links are of files, or of pages' },
  { word: 'link', pattern: joined, because: 'links are of files, or of pages' },
  {
    word: 'backend',
    files: /ambassador/,
    except: /backends\/redis/,
    because: 'backends are where records end up',
  },
  {
    word: 'health check',
    except: /docker|grpc|redis-ambassador/i,
    because: 'Docker and gRPC say so, and the ambassador checks its upstream',
  },
  { word: 'wind down', pattern: /\bw(?:ind(?:s|ing)?|ound) down\b/i, because: 'its forms are irregular' },
  { word: 'repeat', pattern: retried, because: 'a line that arrives twice is repeated' },
  {
    word: 'roll',
    pattern: /\broll(?:s|ed|ing)? (?:the |a |its |over )?(?:log|file)/i,
    because: 'updates roll',
  },
  { word: 'offset', pattern: lostPosition, because: 'bytes and time zones have offsets' },
  { word: 'output', pattern: /\boutput plugins?\b/i, because: 'programs have an output' },
  {
    word: 'chunk',
    files: /log-shipper/,
    except: /fluent/i,
    because: 'the Forward protocol and RESP have chunks',
  },
];

/** The words that the table under "Words" refuses, without the exceptions in parentheses. */
export function refusedWords(contributing: string): string[] {
  const table = contributing.split('\n## Words\n')[1]?.split('\n## ')[0] ?? '';
  return table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| word |'))
    .flatMap((line) => (line.split('|')[3] ?? '').replaceAll(/\([^)]*\)/g, '').split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The refused words that a text uses. */
export function misused(words: readonly string[], { file, section, text }: PublicText): string[] {
  return words.filter((word) => {
    const known = senses.filter((sense) => sense.word === word);
    return (known.length === 0 ? [{ word }] : known).some(({ files, except, pattern }: Partial<Sense>) => {
      if (files?.test(file) === false || except?.test(`${file}\n${section}\n${text}`) === true) return false;
      return (pattern ?? anyForm(word)).test(withoutCode(text));
    });
  });
}

function anyForm(word: string): RegExp {
  return new RegExp(`\\b${word.replaceAll(' ', '[- ]')}(?:s|es|ed|ing)?\\b`, 'i');
}

/** Names in code and addresses of links are not words of ours. */
function withoutCode(text: string): string {
  return text.replaceAll(/`[^`]*`/g, '`').replaceAll(/\]\([^)]*\)/g, ']');
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g;

/** The strings of a program that are prose: those with a space. Comments are not public. */
export function sentences(file: string, source: string): PublicText[] {
  return [...source.matchAll(token)]
    .filter(([literal]) => !literal.startsWith('/') && literal.includes(' '))
    .map(({ 0: literal, index }) => ({
      file,
      line: source.slice(0, index).split('\n').length,
      section: '',
      text: literal.slice(1, -1).replaceAll(/\$\{[^{}]*\}/g, '…'),
    }));
}

/** The lines of a page outside of its blocks of code. */
export function proseLines(file: string, page: string): PublicText[] {
  let section = '';
  let isCode = false;
  return page.split('\n').flatMap((text, index) => {
    if (text.trimStart().startsWith('```')) isCode = !isCode;
    else if (!isCode && text.startsWith('#')) section = text;
    return isCode ? [] : [{ file, line: index + 1, section, text }];
  });
}

/** The texts of alerts. */
function annotations(file: string, manifest: string): PublicText[] {
  return proseLines(file, manifest).filter(({ text }) => /^\s*(?:summary|description): /.test(text));
}

/** Everything of this repository that users read in a program, on a page or in an alert. */
export function publicTexts(root: string): PublicText[] {
  const isOurs = (file: string) => !/\.test\.ts$|\/golden\/|^CHANGELOG\.md$|^CONTRIBUTING\.md$/.test(file);
  const files = trackedFiles(root, 'packages/*/src/*.ts', '*.md', 'k8s/*.yaml');
  return files.filter(isOurs).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (file.endsWith('.ts')) return sentences(file, text);
    return file.endsWith('.md') ? proseLines(file, text) : annotations(file, text);
  });
}
