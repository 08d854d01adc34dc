/** Looks into foreign JSON: a missing value, or one of another type, is undefined. */
export function at(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>(
    (inside, key) => (isJsonObject(inside) ? Reflect.get(inside, key) : undefined),
    value,
  );
}

export function numberAt(value: unknown, ...path: ReadonlyArray<string | number>): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

export function textAt(value: unknown, ...path: ReadonlyArray<string | number>): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function listAt(value: unknown, ...path: ReadonlyArray<string | number>): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** JSON text as a value, or undefined. */
export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Sum of all numbers at any depth. */
export function sumOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return isJsonObject(value) ? Object.values(value).reduce((sum: number, part) => sum + sumOf(part), 0) : 0;
}
