import type { KeySet, Values } from '../keys/key.ts';
import type { Attempt, Surroundings } from '../probe/attempt.ts';
import type { Destination } from '../probe/net/place.ts';
import type { Outcome } from '../probe/outcome.ts';

/** How the targets of a kind are written. */
interface Form<Keys extends KeySet> {
  /** How they begin, without the colon: `tcp`, `tcp4`. */
  readonly schemes: readonly string[];
  /** What follows the colon: `//HOST:PORT`. */
  readonly form: string;
  /** Completes "ready when …", for `--help` and the README; for each form by itself where they differ. */
  readonly ready: string | Readonly<Record<string, string>>;
  /** Its own keys, beside those that every target has. */
  readonly keys: Keys;
}

/** The URL of a target, taken apart at its first colon. */
export interface WrittenUrl {
  /** One of the kind's, in small letters. */
  readonly scheme: string;
  readonly rest: string;
}

/** What a URL and its keys mean to their kind. */
interface Understood<Spec> {
  readonly spec: Spec;
  /** Texts that must not appear in any output. */
  readonly secrets?: readonly string[];
}

/** What `--explain` tells of a target: what it connects to, or the names it asks for. */
export type Explained = { readonly places: readonly Destination[] } | { readonly names: readonly string[] };

/** All that is one kind's: how its targets are written, and how they are asked. `Spec` is what it understood of one. */
interface Definition<Keys extends KeySet, Spec> extends Form<Keys> {
  /** Understands a URL; a string is what is wrong with it. */
  readonly read: (url: WrittenUrl, keys: Values<Keys>) => Understood<Spec> | string;
  /** Asks once. Never throws for what a network or a server can do. */
  readonly probe: (spec: Spec, attempt: Attempt) => Promise<Outcome>;
  readonly explain?: (spec: Spec, surroundings: Surroundings) => Explained | Promise<Explained>;
  /** What its targets need of the environment and do not find there, in words. */
  readonly lacks?: (env: Surroundings['env']) => readonly string[];
}

/** What is to be asked, whatever its kind. */
export interface Question {
  readonly spec: unknown;
  readonly secrets: readonly string[];
  readonly probe: (attempt: Attempt) => Promise<Outcome>;
  readonly explain: (surroundings: Surroundings) => Promise<Explained>;
}

/** A kind of target, as those see it who know none of them. */
export interface Kind extends Form<KeySet> {
  readonly read: (url: WrittenUrl, keys: Values<KeySet>) => Question | string;
  readonly lacks: (env: Surroundings['env']) => readonly string[];
}

/** Declares a kind, so that its functions know the types of its keys and of what it understands. */
export function kind<const Keys extends KeySet, Spec>(definition: Definition<Keys, Spec>): Kind {
  const { read, probe, explain = () => ({ names: [] }), lacks = () => [], ...form } = definition;
  return {
    ...form,
    lacks,
    read: (url, values) => {
      // they were read by the very keys of the definition (see target/read-pairs.ts)
      const understood = read(url, values as Values<Keys>);
      if (typeof understood === 'string') return understood;
      const { spec, secrets = [] } = understood;
      return {
        spec,
        secrets,
        probe: (attempt) => probe(spec, attempt),
        explain: async (surroundings) => explain(spec, surroundings),
      };
    },
  };
}
