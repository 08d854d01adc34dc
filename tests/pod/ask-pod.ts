import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expect } from 'vitest';

/** A container in pod-page's `/api/pod`. */
export interface SeenContainer {
  readonly name: string;
  readonly state: string;
  readonly summary: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Asks pod-page at this address for the state of its pod. */
async function askPod(url: string): Promise<readonly SeenContainer[]> {
  const response = await fetch(`${url}/api/pod`);
  const { containers } = (await response.json()) as { containers: readonly SeenContainer[] }; // as its README has it
  return containers;
}

/**
 * Waits until the page shows each container up, and returns them: the page updates once a second, and a helper may
 * still be reconnecting to its server.
 */
export async function untilSeenUp(url: string): Promise<readonly SeenContainer[]> {
  return eventually(async () => {
    const containers = await askPod(url);
    expect(containers.filter(({ state }) => state !== 'up')).toEqual([]);
    return containers;
  });
}
