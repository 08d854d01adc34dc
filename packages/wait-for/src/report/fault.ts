import { visible } from '@pod-patterns/kit';

/** A fault of ours in one line, with the place in the bundle that a developer needs; for anything that can be thrown. */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return `wait-for: internal fault: ${visible(String(fault))}`;
  const place = fault.stack?.split('\n').find((line) => line.startsWith('    at '));
  const words = `${fault.name}: ${fault.message.replaceAll('\n', ' ')}`;
  return `wait-for: internal fault: ${visible(words)}${place === undefined ? '' : ` (${place.trim()})`}`;
}
