import type { Registry } from '../series/registry.ts';
import { merge } from '../series/sorted-names.ts';
import { familyHeader, renderSeries } from './render.ts';

/** The text of a metric that is not a series of ours, rendered when its turn comes. */
export interface TextBlock {
  readonly name: string;
  readonly text: string;
}

const pieceLength = 32 << 10;
const pieceMs = 2;

/**
 * The whole exposition, metrics sorted by name, in pieces of at most about 32 KB and 2 ms. The caller lets
 * other work go on between pieces; series that come or go meanwhile may or may not be in it, but none is in it twice.
 */
export function* exposition(
  registry: Pick<Registry, 'names' | 'families'>,
  blocks: readonly TextBlock[],
  now: () => number,
): Generator<string> {
  const named = new Map(blocks.map((block) => [block.name, block]));
  const names = merge(registry.names(), [...named.keys()].sort());
  let text = '';
  let since = now();
  for (const name of names) {
    text += named.get(name)?.text ?? '';
    const family = registry.families.get(name);
    if (family === undefined || family.series.size === 0) continue;
    text += familyHeader(family);
    for (const series of [...family.series.values()]) {
      const at = now();
      if (text.length >= pieceLength || at - since >= pieceMs) {
        yield text;
        text = '';
        since = now();
      }
      text += renderSeries(name, series, at);
    }
  }
  yield text;
}
