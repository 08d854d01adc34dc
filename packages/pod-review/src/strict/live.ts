import { asRecord } from '../record.ts';
import type { Path } from './load/position.ts';

/** Fields of an object that only the API server writes, by kind, or for all kinds. */
const kept: ReadonlyArray<readonly [kind: string | undefined, path: readonly string[]]> = [
  [undefined, ['status']],
  [undefined, ['metadata', 'managedFields']],
  ['Job', ['spec', 'selector']],
  ['Pod', ['spec', 'ephemeralContainers']],
];

/** Whether an object was read from a server, as `kubectl get -o yaml` writes it, and not by a person. */
export function isLive(raw: Readonly<Record<string, unknown>>): boolean {
  const { uid } = asRecord(raw['metadata']);
  return typeof uid === 'string' && uid !== '';
}

/** Whether a path of a live object leads to a field of the server. */
export function isServers(kind: string, path: Path): boolean {
  return kept.some(
    ([of, start]) => (of === undefined || of === kind) && start.every((step, index) => path[index] === step),
  );
}
