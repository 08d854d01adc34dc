/** Adds up the samples of a Prometheus exposition whose names match, whatever their labels; undefined without any. */
export function sumOfSamples(exposition: string, name: RegExp, label = ''): number | undefined {
  let sum: number | undefined;
  for (const line of exposition.split('\n')) {
    const end = line.search(/[{ ]/);
    if (line.startsWith('#') || end < 0 || !name.test(line.slice(0, end)) || !line.includes(label)) continue;
    const value = Number(
      line
        .slice(line.lastIndexOf('}') + 1)
        .trim()
        .split(/\s+/)
        .at(line[end] === '{' ? 0 : 1),
    );
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}
