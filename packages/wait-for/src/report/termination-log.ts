/** Default `terminationMessagePath` of Kubernetes. */
export const defaultTerminationLog = '/dev/termination-log';

/** Kubernetes keeps no more of it. */
export const maxTerminationBytes = 4096;

/** Cuts between characters and appends an ellipsis. */
export function truncate(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limitBytes) return text;
  let end = limitBytes - Buffer.byteLength('…');
  // 10xxxxxx continues a character
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}
