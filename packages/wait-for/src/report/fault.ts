import { visible } from '@pod-patterns/kit';

/** Describes an internal fault, or anything thrown, in one line with its place in the bundle. */
export function describeFault(fault: unknown): string {
  if (!(fault instanceof Error)) return `wait-for: internal fault: ${visible(String(fault))}`;
  const place = fault.stack?.split('\n').find((line) => line.startsWith('    at '));
  const words = `${fault.name}: ${fault.message.replaceAll('\n', ' ')}`;
  return `wait-for: internal fault: ${visible(words)}${place === undefined ? '' : ` (${place.trim()})`}`;
}
