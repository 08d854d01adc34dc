/** Sum of a metric's series with these labels; 0 if there are none. */
export async function metric(
  admin: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  let sum = 0;
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null || match[1] !== name) continue;
    const has = Object.entries(labels).every(([key, value]) => match[2]?.includes(`${key}="${value}"`));
    if (has) sum += Number(match[3]);
  }
  return sum;
}

export async function status(admin: string): Promise<{
  readonly records: number;
  readonly lagBytes: number;
  readonly lagSeconds: number;
  readonly checkpoint: string;
  readonly problems: Record<string, string>;
  readonly sinks: ReadonlyArray<{
    sink: string;
    state: string;
    reason?: string;
    records: number;
    lagBytes: number;
  }>;
  readonly files: ReadonlyArray<{
    file: string;
    path: string;
    state: string;
    size: number;
    lagBytes: number;
    positions: Record<string, number>;
  }>;
}> {
  return JSON.parse(await (await fetch(`${admin}/status`)).text());
}
