/** A container as pod-page's `/api/pod` tells of it. */
export interface SeenContainer {
  readonly name: string;
  readonly state: string;
  readonly summary: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Asks pod-page at this address for the state of its pod. */
export async function askPod(url: string): Promise<readonly SeenContainer[]> {
  const response = await fetch(`${url}/api/pod`);
  const { containers } = (await response.json()) as { containers: readonly SeenContainer[] }; // as its README has it
  return containers;
}
