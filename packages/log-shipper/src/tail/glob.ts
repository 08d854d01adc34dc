import { isAbsolute, join, resolve } from 'node:path';
import { Pattern } from '../pattern/pattern.ts';

/** A compiled pattern of paths: one matcher for each step from `/`. */
export interface Glob {
  readonly source: string;
  readonly steps: readonly Step[];
}

/** A literal name, a pattern of names, or `**`: any number of folders, including none. */
export type Step =
  | { readonly kind: 'name'; readonly name: string; readonly isBroken?: true }
  | { readonly kind: 'pattern'; readonly pattern: Pattern; readonly takesHidden: boolean }
  | { readonly kind: 'any-folders' };

/** The characters of a pattern; an escaped character comes with its backslash. */
function lettersOf(pattern: string): string[] {
  return pattern.match(/\\.|./gs) ?? [];
}

/** Splits `a,b,{c,d}` at the commas outside braces. */
export function splitGlobs(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of lettersOf(list)) {
    if (letter === '{') depth++;
    else if (letter === '}') depth = Math.max(0, depth - 1);
    if (letter === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else {
      part += letter;
    }
  }
  return [...parts, part].map((glob) => glob.trim()).filter((glob) => glob !== '');
}

/**
 * Compiles the values of `--paths`, each a list of patterns. Relative ones start in the working directory, whose name is
 * literal even if it holds a wildcard.
 */
export function globsOf(paths: readonly string[], folder = process.cwd()): Glob[] {
  return splitGlobs(paths.join(','))
    .flatMap(expandBraces)
    .flatMap((glob) => {
      const path = resolve(folder, glob);
      const isBelow = !isAbsolute(glob) && path.startsWith(`${folder}/`);
      return isBelow ? compileGlob(path.slice(folder.length), folder) : compileGlob(path);
    });
}

/**
 * Compiles an absolute path with `*`, `?`, `[…]`, `[!…]`, `**` and `{a,b}`; a backslash makes the next character literal. As
 * in a shell, a wildcard does not match a dot at the start of a name. A pattern without wildcards is one path, and `**` at
 * its end means all files below. Nothing in `folder` is a wildcard.
 */
export function compileGlob(source: string, folder = ''): Glob[] {
  const above = namesOf(folder).map((name): Step => ({ kind: 'name', name }));
  return expandBraces(source).map((path) => ({
    source: folder + path,
    steps: [...above, ...namesOf(path.replace(/\/\*\*\/?$/, '/**/*')).map(compileStep)],
  }));
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Whether a name in the pattern is broken, such as `[z-a]`, and would match only itself. */
export function isBroken({ steps }: Glob): boolean {
  return steps.some((step) => step.kind === 'name' && step.isBroken === true);
}

/** The folders before the first wildcard, outermost first. The last one is the fixed folder. */
export function namedFolders(steps: readonly Step[]): string[] {
  const folders: string[] = [];
  let folder = '/';
  for (const step of steps.slice(0, -1)) {
    if (step.kind !== 'name') break;
    folder = join(folder, step.name);
    folders.push(folder);
  }
  return folders;
}

/** Whether a glob matches the path. */
export function matchesGlobs(globs: readonly Glob[], path: string): boolean {
  const names = path.split('/').filter((name) => name !== '');
  return globs.some(({ steps }) => matchesSteps(steps, names));
}

function matchesSteps(steps: readonly Step[], names: readonly string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return names.length === 0;
  const [name, ...behind] = names;
  if (step.kind === 'any-folders') {
    return (
      matchesSteps(rest, names) || (name !== undefined && isVisible(name) && matchesSteps(steps, behind))
    );
  }
  return name !== undefined && matchesStep(step, name) && matchesSteps(rest, behind);
}

export function matchesStep(step: Exclude<Step, { kind: 'any-folders' }>, name: string): boolean {
  if (step.kind === 'name') return step.name === name;
  return (step.takesHidden || isVisible(name)) && step.pattern.test(name);
}

export function isVisible(name: string): boolean {
  return !name.startsWith('.');
}

const wildcard = /[*?[\]]/;
const escaped = /\\(.)/gs;

function compileStep(text: string): Step {
  if (text === '**') return { kind: 'any-folders' };
  if (!wildcard.test(text.replaceAll(escaped, ''))) {
    return { kind: 'name', name: text.replaceAll(escaped, '$1') };
  }
  // the app chooses the names of files: many stars must not make matching slow
  const pattern = Pattern.read(`^${regexSource(text)}$`, 's');
  return pattern instanceof Pattern
    ? { kind: 'pattern', pattern, takesHidden: !isVisible(text.replaceAll(escaped, '$1')) }
    : { kind: 'name', name: text, isBroken: true };
}

function regexSource(text: string): string {
  let source = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    const set = letter === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(text.slice(index)) : null;
    if (letter === '*') source += '.*';
    else if (letter === '?') source += '.';
    else if (letter === '\\' && index + 1 < text.length) source += literal(text[++index] ?? '');
    else if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\[\]^]/g, '\\$&')}]`;
      index += set[0].length - 1;
    } else source += literal(letter);
  }
  return source;
}

function literal(letter: string): string {
  return letter.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
}

/** `a{b,c{d,e}}` → `ab`, `acd`, `ace`; a brace without its partner or a comma is literal. */
function expandBraces(text: string): string[] {
  for (let open = 0; open < text.length; open++) {
    const letter = text[open];
    if (letter === '\\') open++;
    const alternatives = letter === '{' ? readAlternatives(text, open) : undefined;
    if (alternatives === undefined) continue;
    const head = text.slice(0, open);
    const tails = expandBraces(text.slice(alternatives.end));
    return alternatives.texts
      .flatMap(expandBraces)
      .flatMap((middle) => tails.map((tail) => head + middle + tail));
  }
  return [text];
}

function readAlternatives(text: string, open: number): { texts: string[]; end: number } | undefined {
  const texts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let index = open; index < text.length; index++) {
    const letter = text[index];
    if (letter === '\\') index++;
    if (letter === '{') depth++;
    if (letter === '}') depth--;
    if (depth === 0 || (depth === 1 && letter === ',')) {
      texts.push(text.slice(start, index));
      start = index + 1;
    }
    if (depth === 0) return texts.length > 1 ? { texts, end: index + 1 } : undefined;
  }
  return undefined;
}
