import { setFlagsFromString } from 'node:v8';

/**
 * Saves memory that V8 would use without making a proxy faster (measured with 1,000 clients). V8 reads both flags
 * at each decision, so setting them works in a running process.
 */
export function keepHeapSmall(): void {
  // keep the young generation at its initial 1 MiB, as a proxy's garbage dies at once; saves 45 MiB
  setFlagsFromString('--semi-space-growth-factor=1');
  // compile hot code directly with the best compiler; the one before it needs 13 to 17 MiB of RSS
  setFlagsFromString('--no-maglev');
}
