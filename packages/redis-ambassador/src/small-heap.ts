import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at its first size of 1 MiB. What a proxy leaves behind is dead at once, so a larger
 * one is no faster and costs 45 MiB of memory under load (measured with 1,000 clients). The factor is read
 * whenever V8 would let it grow, so setting it works in a process that runs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
