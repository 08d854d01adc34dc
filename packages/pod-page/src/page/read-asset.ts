import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file beside this one. In a bundle its text stands in place of the call (`scripts/bundle.ts`). */
export function readAsset(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8');
}
