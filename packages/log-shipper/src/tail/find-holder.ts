import { holds, type KnownContent } from './content.ts';
import type { Handles, Opened } from './handles.ts';
import type { Sibling } from './successors.ts';

/** Opens the first of the candidates that holds the known content of `file`; undefined when none does. */
export async function findHolder(
  { file, known }: { readonly file: string; readonly known: KnownContent },
  candidates: readonly Sibling[],
  handles: Handles,
): Promise<Opened | undefined> {
  const least = Math.max(known.fingerprint.length, ...known.positions.map(({ offset }) => offset));
  for (const { path, facts } of candidates) {
    if (facts.size < least || least === 0) continue;
    // a file that cannot or may not be opened cannot be continued
    const opened = await handles.open(path, file).catch(() => undefined);
    if (opened === undefined) continue;
    if (await holds(opened.source.content(opened.facts.size), known).catch(() => false)) return opened;
    await opened.source.close();
  }
  return undefined;
}
