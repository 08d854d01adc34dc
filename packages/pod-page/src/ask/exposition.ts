/** Adds up the samples of a Prometheus exposition whose names match, whatever their labels; undefined without any. */
export function sumOfSamples(exposition: string, name: RegExp, label = ''): number | undefined {
  let sum: number | undefined;
  for (const line of exposition.split('\n')) {
    const end = line.search(/[{ ]/);
    if (line.startsWith('#') || end < 0 || !name.test(line.slice(0, end)) || !line.includes(label)) continue;
    // a time may follow the value
    const value = Number(
      line
        .slice(line[end] === '{' ? line.lastIndexOf('}') + 1 : end)
        .trim()
        .split(' ', 1)[0],
    );
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}
