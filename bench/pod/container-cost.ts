import { request } from 'node:http';
import { json } from 'node:stream/consumers';

/** Resources that a container has used so far, from its cgroup. */
export interface ContainerCost {
  readonly cpuSeconds: number;
  /** As the kubelet counts it: without inactive file pages. */
  readonly workingSetMiB: number;
}

/** The part of the engine's answer that is read here; cgroups v1 and v2 name inactive file pages differently. */
interface Stats {
  readonly cpu_stats: { readonly cpu_usage: { readonly total_usage: number } };
  readonly memory_stats: {
    readonly usage: number;
    readonly stats: { readonly total_inactive_file?: number; readonly inactive_file?: number };
  };
}

/** Asks Docker's engine on this machine for the cost of a running container. */
export async function containerCost(container: string): Promise<ContainerCost> {
  const { cpu_stats: cpu, memory_stats: memory } = await engineStats(container);
  const { total_inactive_file, inactive_file = 0 } = memory.stats;
  return {
    cpuSeconds: cpu.cpu_usage.total_usage / 1e9,
    workingSetMiB: (memory.usage - (total_inactive_file ?? inactive_file)) / 2 ** 20,
  };
}

function engineStats(container: string): Promise<Stats> {
  const { promise, resolve, reject } = Promise.withResolvers<Stats>();
  request(
    {
      socketPath: '/var/run/docker.sock',
      path: `/v1.41/containers/${container}/stats?stream=false&one-shot=true`,
    },
    (response) => {
      // the engine's own form, for a container that runs
      json(response).then((stats) => resolve(stats as Stats), reject);
    },
  )
    .on('error', reject)
    .end();
  return promise;
}
