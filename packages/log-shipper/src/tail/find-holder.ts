import { holds, type KnownContent } from './content.ts';
import { contentOf, type Opened, openFile } from './generation.ts';
import type { Sibling } from './successors.ts';

/** Opens the first of the candidates that holds the known content; undefined when none does. */
export async function findHolder(
  known: KnownContent,
  candidates: readonly Sibling[],
): Promise<Opened | undefined> {
  const least = Math.max(known.fingerprint.length, ...known.positions.map(({ offset }) => offset));
  for (const { path, facts } of candidates) {
    if (facts.size < least || least === 0) continue;
    // what cannot be opened cannot be gone on with
    const opened = await openFile(path).catch(() => undefined);
    if (opened === undefined) continue;
    if (await holds(contentOf(opened), known).catch(() => false)) return opened;
    await opened.handle.close();
  }
  return undefined;
}
