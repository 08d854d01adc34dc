import type { KeySet, Values } from './keys.ts';
import type { Spec } from './target.ts';

/** What a scheme makes of a URL and its keys. */
export interface Understood {
  readonly spec: Spec;
  readonly secrets?: readonly string[];
}

/** One kind of target: how it is written. */
export interface Scheme<Keys extends KeySet = KeySet> {
  /** The whole form, for messages: `tcp://HOST:PORT`. */
  readonly form: string;
  /** Its own keys, beside those that every target has. */
  readonly keys: Keys;
  /** Understands what follows the scheme's colon; a string is what is wrong with it. */
  readonly read: (rest: string, keys: Values<Keys>) => Understood | string;
}

/** Declares a scheme so that `read` knows the types of its keys. */
export function scheme<const Keys extends KeySet>(definition: Scheme<Keys>): Scheme {
  // `read` is only ever called with the values of the very keys beside it (see read-target.ts)
  return definition as unknown as Scheme;
}

/** Takes off the `//` that a URL with a host has; a string in `fault` when it is not there. */
export function afterSlashes(rest: string): string | undefined {
  return rest.startsWith('//') ? rest.slice(2) : undefined;
}
