import { existsSync, writeFileSync } from 'node:fs';
import { describeError } from '@pod-patterns/kit';

/** Where Kubernetes looks unless the container says otherwise. */
export const defaultTerminationLog = '/dev/termination-log';

/** Kubernetes keeps no more of it. */
export const maxTerminationBytes = 4096;

/**
 * Leaves the summary where `kubectl describe` shows it. The usual place is used only when Kubernetes has
 * made it. Returns what went wrong, if anything did: the summary was said already and is not worth failing for.
 */
export function writeTerminationLog(path: string, text: string): string | undefined {
  if (path === defaultTerminationLog && !existsSync(path)) return undefined;
  try {
    writeFileSync(path, text);
    return undefined;
  } catch (error) {
    return describeError(error);
  }
}

/** Cuts at the end of a character, and shows that something is missing. */
export function truncate(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limitBytes) return text;
  let end = limitBytes - Buffer.byteLength('…');
  // 10xxxxxx continues a character
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}
