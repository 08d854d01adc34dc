import type { Role, Target } from './container.ts';

/** Programs of this repository with an admin port, and their roles, in the order of display. */
const house: ReadonlyArray<readonly [name: string, role: Role, adminPort: number]> = [
  ['web', 'application', 8081],
  ['redis-ambassador', 'ambassador', 9103],
  ['statsd-adaptor', 'adaptor', 9102],
  ['log-shipper', 'sidecar', 9101],
];

/** Usual admin ports in a pod; the answer names the program. */
export const houseTargets: readonly Target[] = house.map(([name, , port]) => ({
  ...{ name, role: undefined, url: `http://127.0.0.1:${port}`, isNamed: false },
}));

/** Role of a container: as given, else by its program, else by its name. */
export function roleOf({ name, role }: Pick<Target, 'name' | 'role'>, program?: string): Role {
  const known = (wanted: string | undefined) => house.find(([one]) => one === wanted)?.[1];
  return role ?? known(program) ?? known(name) ?? 'sidecar';
}
