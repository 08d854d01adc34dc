import type { Figures } from './container.ts';
import { numberAt, textAt } from './json.ts';

const bytesPerMiB = 1024 * 1024;

/** Figures of a container's memory as kit tells it, in whole MiB, or every look would differ from the one before. */
export function memoryFigures(memory: unknown): Figures {
  const kind = textAt(memory, 'kind');
  const bytes = numberAt(memory, 'bytes');
  if (kind === undefined || bytes === undefined) return {};
  return { memoryBytes: Math.round(bytes / bytesPerMiB) * bytesPerMiB, memoryKind: kind };
}
