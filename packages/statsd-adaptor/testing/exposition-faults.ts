const sampleLine = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d{2,3})?|NaN|[+-]Inf)$/s;
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/;
const suffixes: Readonly<Record<string, RegExp>> = {
  counter: /^$/,
  gauge: /^$/,
  summary: /^(?:_sum|_count)?$/,
  histogram: /^_(?:sum|count|bucket)$/,
};

/** Finds faults by the rules of text format 0.0.4, which would make Prometheus refuse or confuse an exposition. */
export function expositionFaults(text: string): string[] {
  const faults: string[] = [];
  const families = new Map<string, string>();
  const seen = new Set<string>();
  let current = '';
  if (text !== '' && !text.endsWith('\n')) faults.push('does not end with a line feed');
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment?.[1] === 'HELP') continue;
    if (comment?.[1] === 'TYPE') {
      const [, , name = '', type = ''] = comment;
      if (families.has(name)) faults.push(`a second TYPE for ${name}`);
      families.set(name, type);
      current = name;
      continue;
    }
    const sample = sampleLine.exec(line);
    if (sample === null) {
      faults.push(`not a sample: ${line}`);
      continue;
    }
    const [, name = '', labels = ''] = sample;
    const type = families.get(current) ?? '';
    if (!name.startsWith(current) || !suffixes[type]?.test(name.slice(current.length))) {
      faults.push(`${name} is not of ${type} ${current}`);
    }
    const key = `${name}{${[...labelNames(labels, faults)].sort().join(',')}}`;
    if (seen.has(key)) faults.push(`twice: ${key}`);
    seen.add(key);
  }
  return faults;
}

function labelNames(text: string, faults: string[]): string[] {
  const pairs: string[] = [];
  const names = new Set<string>();
  for (let rest = text; rest !== ''; ) {
    const match = label.exec(rest);
    if (match === null) {
      faults.push(`not a label: ${rest}`);
      break;
    }
    const [whole, name = ''] = match;
    if (names.has(name)) faults.push(`label twice: ${name}`);
    if (name.startsWith('__')) faults.push(`reserved label: ${name}`);
    names.add(name);
    pairs.push(whole.replace(/,$/, ''));
    rest = rest.slice(whole.length);
  }
  return pairs;
}
