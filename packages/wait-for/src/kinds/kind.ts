import type { KeySet, Values } from '../keys/key.ts';
import type { Attempt, Surroundings } from '../probe/attempt.ts';
import type { Destination } from '../probe/net/place.ts';
import type { Outcome } from '../probe/outcome.ts';

/** How the targets of a kind are written. */
interface Form<Keys extends KeySet> {
  /** How they begin, without the colon: `tcp`, `tcp4`. */
  readonly schemes: readonly string[];
  /** Form of the part after the colon: `//HOST:PORT`. */
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

/** A URL and its keys, read by their kind. */
interface Understood<Spec> {
  readonly spec: Spec;
  /** Texts that must not appear in any output. */
  readonly secrets?: readonly string[];
}

/** Explanation of a target for `--explain`: its address, or the names it resolves. */
export type Explained = { readonly places: readonly Destination[] } | { readonly names: readonly string[] };

/** One kind: how its targets are written and probed. `Spec` is a target as the kind reads it. */
interface Definition<Keys extends KeySet, Spec> extends Form<Keys> {
  /** Reads a URL; a string describes the fault. */
  readonly read: (url: WrittenUrl, keys: Values<Keys>) => Understood<Spec> | string;
  /** Probes once. Never throws for a fault of the network or the server. */
  readonly probe: (spec: Spec, attempt: Attempt) => Promise<Outcome>;
  readonly explain?: (spec: Spec, surroundings: Surroundings) => Explained | Promise<Explained>;
  /** Describes the environment that its targets need and do not find. */
  readonly lacks?: (env: Surroundings['env']) => readonly string[];
}

/** A target to probe, of any kind. */
export interface Question {
  readonly spec: unknown;
  readonly secrets: readonly string[];
  readonly probe: (attempt: Attempt) => Promise<Outcome>;
  readonly explain: (surroundings: Surroundings) => Promise<Explained>;
}

/** A kind of target, for code that knows no particular kind. */
export interface Kind extends Form<KeySet> {
  readonly read: (url: WrittenUrl, keys: Values<KeySet>) => Question | string;
  readonly lacks: (env: Surroundings['env']) => readonly string[];
}

/** Declares a kind, so that its functions know the types of its keys and its spec. */
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
