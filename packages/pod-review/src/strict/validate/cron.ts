const months: readonly string[] = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
const days: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const none: readonly string[] = [];

const fields = [
  { name: 'minute', least: 0, most: 59, words: none },
  { name: 'hour', least: 0, most: 23, words: none },
  { name: 'day of the month', least: 1, most: 31, words: none },
  { name: 'month', least: 1, most: 12, words: months },
  { name: 'day of the week', least: 0, most: 6, words: days },
] as const;

/** Fault of a schedule, by the rules of github.com/robfig/cron's ParseStandard; undefined if valid. */
export function scheduleFault(schedule: string): string | undefined {
  if (/TZ/.test(schedule)) return 'a time zone belongs in timeZone';
  if (schedule.startsWith('@')) {
    const isKnown = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule);
    const isEvery = /^@every [-+]?(0|([\d.]+(ns|us|µs|ms|s|m|h))+)$/.test(schedule);
    return isKnown || isEvery ? undefined : `no such descriptor: ${schedule}`;
  }
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== fields.length) return `expected 5 fields, got ${parts.length}`;
  for (const [index, field] of fields.entries()) {
    const fault = (parts[index] ?? '')
      .split(',')
      .map((part) => (part === '' ? undefined : rangeFault(part, field)));
    const first = fault.find((one) => one !== undefined);
    if (first !== undefined) return `${field.name}: ${first}`;
  }
  return undefined;
}

function rangeFault(part: string, { least, most, words }: (typeof fields)[number]): string | undefined {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step)))
    return `the step of ${part} is not a whole number above 0`;
  const ends = range.split('-');
  if (ends[0] === '*' || ends[0] === '?') return undefined;
  if (ends.length > 2) return `${part} has more than two ends`;
  const numbers = ends.map((end) => {
    const at = words.indexOf(end.toLowerCase());
    if (at >= 0) return at + least;
    return /^\+?\d+$/.test(end) ? Number(end) : Number.NaN;
  });
  const [from = Number.NaN, to = from] = numbers;
  if (Number.isNaN(from) || Number.isNaN(to)) return `${part} is not a number, a range or *`;
  if (from < least || to > most) return `${part} is not between ${least} and ${most}`;
  return from > to ? `${part} ends before it begins` : undefined;
}
