import type { Path } from './position.ts';

/** Words that only a template's `{{ … }}` begins with; Prometheus, Go and Argo templates have others. */
const helmWords =
  /\{\{-?\s*(?:\.Values|\.Release|\.Chart|\.Capabilities|\.Files|\.Template\b|include\s|template\s|tpl\s|toYaml\s|if\s|else\b|end\b|range\s|with\s|define\s|\$[\w.]*\s*:?=)/;

/** Places whose text belongs to the user's program, so that `{{` may stand there for its own purposes. */
const freeText = /^(data|stringData|binaryData|annotations|args|command|value|message|description|script)$/;

/** Offset of the first thing in a text that only a template has outside of YAML's own syntax, or undefined. */
export function templateLine(text: string): number | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => helmWords.test(line) || /(^|[:-]\s+)\{\{/.test(line));
  return at < 0 ? undefined : at + 1;
}

/** The path of a value that was left for a template to fill in, or undefined. */
export function findTemplate(value: unknown, path: Path = [], isFree = false): Path | undefined {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return undefined;
    const isTemplate = isFree ? helmWords.test(value) : /\{\{.*\}\}/s.test(value);
    return isTemplate ? path : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    if (key.includes('{{') || /^\{ .*\}$/.test(key)) return [...path, step];
    const found = findTemplate(inner, [...path, step], isFree || freeText.test(key));
    if (found !== undefined) return found;
  }
  return undefined;
}
