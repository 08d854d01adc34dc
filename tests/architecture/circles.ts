/** Imported files by importing file. */
export type Imports = ReadonlyArray<readonly [importer: string, imported: string]>;

/** Groups of files that import each other in a circle, directly or indirectly; sorted. */
export function circlesOf(imports: Imports): string[][] {
  const targets = new Map<string, string[]>();
  for (const [importer, imported] of imports) {
    targets.set(importer, [...(targets.get(importer) ?? []), imported]);
  }
  const reached = new Map([...targets.keys()].map((one) => [one, reachableFrom(one, targets)] as const));
  const circles = new Map<string, string[]>();
  for (const [one, others] of reached) {
    if (!others.has(one)) continue;
    const circle = [...others].filter((other) => reached.get(other)?.has(one)).sort();
    circles.set(circle.join(), circle);
  }
  return [...circles.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function reachableFrom(start: string, targets: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const next = [start];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    for (const target of targets.get(one) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      next.push(target);
    }
  }
  return reached;
}
