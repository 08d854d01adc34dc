import type { Config, MemoryBounds } from '@pod-patterns/kit';
import type { program } from './options.ts';

const mib = 1024 * 1024;
/** Approximate memory of an idle client. */
const clientBytes = 4096;
/** Buffer that an upstream connection reserves for requests. */
const dedicatedBytes = 65_536;

type Asked = Pick<
  Config<typeof program.options>,
  'maxMemory' | 'maxUnread' | 'maxInFlight' | 'maxClients' | 'maxDedicated'
>;

/** Larger replies use a dedicated connection. */
const largeReplyBytes = 8 * mib;

/** RSS of Node (75 MiB), and about as much again for garbage on a busy machine. */
const besideBytes = 192 * mib;

/** Computes the bounds that depend on the memory of the container. */
export function boundsOf(asked: Asked, memory: MemoryBounds) {
  const settle = memory.settle.bind(memory);
  const maxUnread = settle('max-unread', {
    asked: asked.maxUnread,
    share: 1 / 4,
    otherwise: 64 * mib,
    besideBytes,
    least: 4 * mib,
  });
  return {
    maxUnread,
    largeReply: Math.min(largeReplyBytes, maxUnread / 8),
    maxMemory: settle('max-memory', {
      asked: asked.maxMemory,
      share: 1 / 2,
      otherwise: 256 * mib,
      besideBytes,
      least: 8 * mib,
    }),
    maxInFlight: settle('max-in-flight', {
      asked: asked.maxInFlight,
      share: 1 / 8,
      otherwise: 16 * mib,
      besideBytes,
      least: 2 * mib,
    }),
    maxDedicated: settle('max-dedicated', {
      asked: asked.maxDedicated,
      share: 0.2,
      unitBytes: dedicatedBytes,
      otherwise: 1000,
    }),
    maxClients: settle('max-clients', {
      asked: asked.maxClients,
      share: 0.1,
      unitBytes: clientBytes,
      otherwise: 10_000,
    }),
  };
}
