import type { Evidence, Role, Spoken, Verdict } from './role.ts';

/** Weight of each kind of evidence; a sum below `enough` decides nothing. */
export const weights = {
  /** Forwards to a neighbour, by its arguments or files. */
  upstream: 12,
  /** Where it stands: a native sidecar. */
  form: 2,
  /** The programs of its command. */
  command: 8,
  /** `thanos sidecar`, `kubectl proxy`. */
  subcommand: 7,
  /** The whole name of its image, the last words of it, or the first. */
  image: { whole: 6, head: 5, start: 3 },
  /** An application is often started as a helper of itself. */
  application: { whole: 5, head: 4, start: 0 },
  /** `redis-operator` is no redis. */
  datastore: { whole: 6, head: 5, start: 0 },
  /** A web server or a runtime serves whatever it is given. */
  base: 2,
  /** The author calls it the pod's main container. */
  defaultContainer: 3.5,
  gateway: 8,
  workload: 4,
  workloadPart: 2,
  /** Words in names: the last one names the thing. */
  imageWord: { head: 4, other: 2 },
  name: { whole: 4, head: 3, other: 2 },
  controllerWord: 2,
  storeWithin: 1,
  /** A client from the image of a datastore. */
  client: 5,
  /** The port of a protocol, with its usual purpose. */
  protocolPort: 3,
  storesAtPort: 4,
  ownPort: 0.5,
  nodePort: 3,
  /** One container names another's port or socket. */
  pointedAt: 3,
  reload: 4,
  behindProxy: 2,
  loopbackOnly: 2,
  /** A web server beside an app. */
  beforeApp: 3,
  service: 2,
  sameImage: 3,
  sharedFiles: 2,
  idleTool: 2,
} as const;

const enough = 2;

/** The role that the most speaks for; unknown where that is too little, or as much for another. */
export function weigh(evidence: readonly Evidence[]): Verdict {
  const sums = new Map<Spoken, number>();
  for (const { role, weight } of evidence) sums.set(role, (sums.get(role) ?? 0) + weight);
  const [best, second] = [...sums].sort(([, a], [, b]) => b - a);
  const isClear = best !== undefined && best[1] >= enough && best[1] > (second?.[1] ?? 0);
  const role = isClear ? best[0] : 'unknown';
  const strongest = evidence.toSorted((a, b) => b.weight - a.weight);
  const why = [
    ...strongest.filter((one) => one.role === role).map(({ says }) => says),
    ...strongest.filter((one) => one.role !== role && one.weight >= 1).map((one) => contrary(one, role)),
  ];
  const nothing = 'image, name, ports and volumes do not show its purpose';
  return { role, why: why.length === 0 ? [nothing] : [...new Set(why)], evidence };
}

function contrary({ role, says }: Evidence, verdict: Role): string {
  return verdict === 'unknown' ? `for ${role}: ${says}` : `but for ${role}: ${says}`;
}

/** How much speaks for a role. */
export function sumFor(role: Spoken, evidence: readonly Evidence[]): number {
  return evidence.reduce((sum, one) => sum + (one.role === role ? one.weight : 0), 0);
}
