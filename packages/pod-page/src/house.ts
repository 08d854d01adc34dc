import type { Target } from './pod/container.ts';

/** Where the programs of the house answer in a pod, in the order in which they are shown. */
export const houseTargets: readonly Target[] = [
  house('web', 8081),
  house('redis-ambassador', 9103),
  house('statsd-adaptor', 9102),
  house('log-shipper', 9101),
];

function house(name: string, port: number): Target {
  return { name, role: undefined, url: `http://127.0.0.1:${port}`, isNamed: false };
}
