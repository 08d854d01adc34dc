import type { MemoryBounds } from '@pod-patterns/kit';
import type { OpenBounds } from './open-requests.ts';
import type { Traffic } from './traffic.ts';

/** Of the container's memory for connections, each with headers of 32 KiB that have not come whole. */
const share = 0.2;
const connectionBytes = 32 * 1024;

/** A request needs more memory than a connection: its body, its answer, its Redis commands. */
const connectionsPerRequest = 8;

/** Limits of concurrent connections and requests. */
export function openBounds(
  { maxConnections: asked }: { readonly maxConnections: number | undefined },
  memory: MemoryBounds,
  traffic: Pick<Traffic, 'overload'>,
): Omit<OpenBounds, 'refuse'> {
  const rule = { asked, share, unitBytes: connectionBytes, otherwise: 10_000 };
  const maxConnections = memory.settle('max-connections', rule);
  const maxRequests = Math.max(32, Math.floor(maxConnections / connectionsPerRequest));
  const onOverload = (reason: keyof Traffic['overload']) => {
    traffic.overload[reason]++;
  };
  return { maxConnections, maxRequests, onOverload };
}
