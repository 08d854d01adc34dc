import type { Command } from './command.ts';
import type { Request } from './request.ts';
import { readNumber } from './words.ts';

/** Finds the indexes of a request's keys among its words. For an unknown command the first argument counts as its key. */
export function keysOf(request: Request): number[] {
  const { described, command } = request;
  const count = request.words.length;
  if (command.name === '') return count > 1 ? [1] : [];
  return [...fixedKeys(described, count), ...movableKeys(request)];
}

/** Returns the number of words per key: the key and its values. */
export function wordsPerKey({ keys: [, , step] }: Command): number {
  return step;
}

function fixedKeys({ keys: [first, last, step] }: Command, count: number): number[] {
  const places: number[] = [];
  const end = last < 0 ? count + last : Math.min(last, count - 1);
  for (let at = first; first > 0 && at <= end; at += step) places.push(at);
  return places;
}

function movableKeys(request: Request): number[] {
  const { movableKeys: how } = request.described;
  const count = request.words.length;
  switch (how?.kind) {
    case undefined:
      return [];
    case 'count':
      return counted(readNumber(request.text(how.at)), { from: how.at + 1, step: how.step, count });
    case 'streams':
      return afterStreams(request);
    case 'store':
      return afterStore(request);
  }
}

/** Lists up to `count` keys, as far as there are words. */
function counted(
  keys: number,
  { from, step, count }: { readonly from: number; readonly step: number; readonly count: number },
): number[] {
  if (!(keys > 0) || keys > count) return [];
  return Array.from({ length: keys }, (_, index) => from + index * step).filter((at) => at < count);
}

/** Finds the keys in the first half of the words after `STREAMS`; the other half are ids. */
function afterStreams(request: Request): number[] {
  const at = request.words.findIndex((_, index) => index > 0 && request.keyword(index) === 'streams');
  if (at < 0) return [];
  const keys = Math.floor((request.words.length - at - 1) / 2);
  return Array.from({ length: keys }, (_, index) => at + 1 + index);
}

/** Finds the word after the last `STORE` or `STOREDIST`. */
function afterStore(request: Request): number[] {
  const at = request.words.findLastIndex(
    (_, index) => index > 1 && /^store(?:dist)?$/.test(request.keyword(index)),
  );
  return at > 0 && at + 1 < request.words.length ? [at + 1] : [];
}
