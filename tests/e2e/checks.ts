import type { AppCheck, ClusterCheck } from './check.ts';
import { autoscaling } from './checks/autoscaling.ts';
import { drain } from './checks/drain.ts';
import { hangs } from './checks/hangs.ts';
import { helped } from './checks/helpers.ts';
import { job } from './checks/job.ts';
import { kills } from './checks/kills.ts';
import { manifests } from './checks/manifests.ts';
import { rateLimit } from './checks/rate-limit.ts';
import { readmeChecks } from './checks/readmes.ts';
import { redisGroups } from './checks/redis-groups.ts';
import { redisMoved } from './checks/redis-moved.ts';
import { rollouts } from './checks/rollouts.ts';
import { rotations } from './checks/rotation.ts';
import { start } from './checks/start.ts';
import { stop } from './checks/stop.ts';

/** In this order: the last checks disturb the cluster most. */
export const appChecks: readonly AppCheck[] = [start, stop, rollouts, drain, ...kills, ...hangs, redisMoved];

export const clusterChecks: readonly ClusterCheck[] = [
  manifests,
  job,
  helped,
  rateLimit,
  autoscaling,
  ...rotations,
  ...redisGroups,
  ...readmeChecks,
];
