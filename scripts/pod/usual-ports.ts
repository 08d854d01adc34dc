import type { PodPorts } from './containers.ts';

/** The ports of the cluster, except `upstream`: there Redis is on another machine, with the ambassador's number. */
export const usualPorts: PodPorts = {
  http: 8080,
  webAdmin: 8081,
  shipperAdmin: 9101,
  statsd: 8125,
  metrics: 9102,
  redis: 6379,
  ambassadorAdmin: 9103,
  upstream: 6380,
  page: 8090,
  pageAdmin: 8091,
};
