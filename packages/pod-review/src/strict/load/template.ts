import type { Path } from './position.ts';

/** Objects that only a chart's templates have; Prometheus, Alertmanager and Go templates have others. */
const chartWords = /\.Values\b|\.Release\b|\.Chart\b|\.Capabilities\b|\binclude\s+"|\btoYaml\b/;

/** Beginnings of a template's own lines. */
const blockWords =
  /^\s*(?:#\s*)?\{\{-?\s*(?:if|else|end|range|with|define|template|include|\$[\w.]*\s*:?=|\/\*)/;

/** Places whose text belongs to the user's program, so that `{{` may stand there for its own purposes. */
const freeText = /^(data|stringData|binaryData|annotations|args|command|value|message|description|script)$/;

/** The first line of a text that only a template has, or undefined; for a text that is not YAML. */
export function templateLine(text: string): number | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex(
    (line) => hasChartWord(line) || blockWords.test(line) || /(?:^|[:-]\s+)\{\{/.test(line),
  );
  return at < 0 ? undefined : at + 1;
}

/** Whether such a word stands after `{{`, before the closing braces. */
function hasChartWord(text: string): boolean {
  return text.split('}').some((part) => {
    const at = part.indexOf('{{');
    return at >= 0 && chartWords.test(part.slice(at));
  });
}

/** The path of a value that was left for a template to fill in, or undefined. */
export function findTemplate(value: unknown, path: Path = [], isFree = false): Path | undefined {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return undefined;
    const isTemplate = isFree ? hasChartWord(value) : value.lastIndexOf('}}') > value.indexOf('{{') + 1;
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
