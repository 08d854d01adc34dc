import type { ConfigFile } from './config-files.ts';
import type { Container } from './container.ts';

/** The words that a container is started with, as far as the manifest says. */
export function commandWords({ spec }: Pick<Container, 'spec'>): string[] {
  return [...(spec.command ?? []), ...(spec.args ?? [])];
}

/** Programs that only start the one that is named behind them. */
const wrappers =
  /^(?:sudo|env|exec|time|nohup|nice|ionice|tini|dumb-init|catatonit|s6-setuidgid|docker-entrypoint(?:\.sh)?|(?:docker-)?entrypoint\.sh|entrypoint|run\.sh|start\.sh)$/;

/** Programs that name a user, a time or the like first. */
const wrappersWithValue = /^(?:gosu|su-exec|setpriv|timeout|chroot|chpst)$/;

const keywords =
  /^(?:if|then|elif|else|while|until|do|for|in|case|esac|fi|done|!|\{|\}|\[|\[\[|test|set|&&|\|\|)$/;

const isShell = (word: string) => /^(?:ba|da|a|z|k)?sh$/.test(baseName(word));

/** The script that a shell is given, or the file of the input that is run; undefined where neither is. */
export function scriptOf(container: Container, files: readonly ConfigFile[]): string | undefined {
  const words = commandWords(container);
  const shell = words.findIndex(isShell);
  const flag =
    shell < 0 ? -1 : words.findIndex((word, index) => index > shell && /^-[a-z]{0,6}c[a-z]{0,6}$/.test(word));
  if (flag >= 0) return words[flag + 1];
  const [first = '', second = ''] = words;
  return files.find(({ path }) => path === first || (isShell(first) && path === second))?.text;
}

/**
 * The programs that a container runs, by their names and in their order: the one it is started with, or all of
 * its script. None where the image says.
 */
export function programsRun(container: Container, files: readonly ConfigFile[]): string[] {
  const script = scriptOf(container, files);
  if (script === undefined) return programOf(commandWords(container));
  return script
    .replace(/\\\n/g, ' ')
    .split(/[\n;|&()`]/)
    .slice(0, 500)
    .flatMap((command) => programOf(command.trim().split(/\s+/).slice(0, 20)));
}

function programOf(words: readonly string[]): string[] {
  let isValue = false;
  for (const word of words) {
    if (word === '' || word.startsWith('#')) return [];
    const name = baseName(word.replace(/^["'@]{1,2}/, ''));
    if (isValue) isValue = false;
    else if (wrappersWithValue.test(name)) isValue = true;
    else if (!isSkipped(word, name)) return [name];
  }
  return [];
}

function isSkipped(word: string, name: string): boolean {
  return word.startsWith('-') || /^\w+=/.test(word) || wrappers.test(name) || keywords.test(name);
}

function baseName(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1).replace(/["']$/, '');
}
