import type { Registry } from '../series/registry.ts';
import { familyHeader, renderSeries } from './render.ts';

/** The text of a metric that is not a series of ours, rendered when its turn comes. */
export interface TextBlock {
  readonly name: string;
  readonly text: string;
}

const chunkLength = 32 << 10;

/**
 * The whole exposition in pieces of about 32 KB, metrics sorted by name. The caller lets other work go on
 * between pieces; series that come or go meanwhile may or may not be in it, but none is in it twice.
 */
export function* exposition(
  registry: Registry,
  blocks: readonly TextBlock[],
  now: () => number,
): Generator<string> {
  const named = new Map<string, TextBlock | undefined>(blocks.map((block) => [block.name, block]));
  for (const name of registry.families.keys()) named.set(name, undefined);
  let text = '';
  for (const name of [...named.keys()].sort()) {
    const block = named.get(name);
    if (block !== undefined) text += block.text;
    const family = registry.families.get(name);
    if (family === undefined || family.series.size === 0) continue;
    text += familyHeader(family);
    for (const series of [...family.series.values()]) {
      text += renderSeries(name, series, now());
      if (text.length < chunkLength) continue;
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}
