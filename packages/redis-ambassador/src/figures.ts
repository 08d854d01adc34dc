import type { Command } from './command/command.ts';
import { families } from './command/command-table.ts';

/** Upper bounds of the latency buckets, in milliseconds. */
export const latencyBoundsMs = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const;

/** A histogram that costs a few nanoseconds per observation: few bounds, and mostly the first ones match. */
export class LatencyHistogram {
  /** Count per bound, and one above all bounds. Not cumulative. */
  readonly counts: number[] = new Array(latencyBoundsMs.length + 1).fill(0);
  sumMs = 0;

  observe(ms: number, times: number): void {
    let bucket = 0;
    while (bucket < latencyBoundsMs.length && ms > (latencyBoundsMs[bucket] ?? 0)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
    this.sumMs += ms * times;
  }
}

/** Reasons for errors of the ambassador itself. */
const errorReasons = [
  'unavailable',
  'connection-lost',
  'timeout',
  'protocol',
  'auth',
  'refused',
  'denied',
  'limit',
] as const;
/** Label of `errors_total`. */
export type ErrorReason = (typeof errorReasons)[number];

/** Reasons for refusing a client or cutting it off. */
const rejectReasons = [
  'max-clients',
  'unread',
  'memory',
  'protocol',
  'intruder',
  'reply-cut',
  'state-lost',
  'killed',
  'stopped',
] as const;
/** Label of `rejected_total`. */
export type RejectReason = (typeof rejectReasons)[number];

/**
 * Reasons for the loss of an upstream connection. `abandoned`: the client of a dedicated one gave it up;
 * `moved`: its server no longer has the role it was opened for.
 */
const lossReasons = ['closed', 'timeout', 'protocol', 'stopped', 'abandoned', 'moved'] as const;
/** Label of `links_lost_total`. */
export type LossReason = (typeof lossReasons)[number];

const connectFailureCodes = [
  'connect-failed',
  'connect-timeout',
  'login-refused',
  'link-lost',
  'db-refused',
  'protocol-refused',
  'not-primary',
  'place-unknown',
] as const;

/** Results of a topology refresh. */
const refreshResults = ['ok', 'failed'] as const;
/** Label of `topology_refreshes_total`. */
export type RefreshResult = (typeof refreshResults)[number];

/** Counters on the path of every command: plain numbers, read at each scrape. */
export class Figures {
  clientsAccepted = 0;
  clientBytesIn = 0;
  clientBytesOut = 0;
  upstreamBytesIn = 0;
  upstreamBytesOut = 0;
  /** Requests sent again after their link was lost, or because the reply was too large for a shared one. */
  repeated = 0;
  /** Times another server became the primary. */
  failovers = 0;
  /** Redirects received from Cluster nodes. */
  readonly redirects = { moved: 0, ask: 0 };
  /** Topology refreshes by result. */
  readonly refreshes = new Map<RefreshResult, number>(refreshResults.map((result) => [result, 0]));
  readonly latency = new LatencyHistogram();
  /** Requests by the index of their family. */
  readonly commands: number[] = new Array(families.length).fill(0);
  readonly errors = new Map<ErrorReason, number>(errorReasons.map((reason) => [reason, 0]));
  readonly rejected = new Map<RejectReason, number>(rejectReasons.map((reason) => [reason, 0]));
  readonly linksLost = new Map<LossReason, number>(lossReasons.map((reason) => [reason, 0]));
  readonly connectFailures = new Map<string, number>(connectFailureCodes.map((code) => [code, 0]));

  get commandsTotal(): number {
    return this.commands.reduce((sum, count) => sum + count, 0);
  }

  countCommand({ familyIndex }: Command): void {
    this.commands[familyIndex] = (this.commands[familyIndex] ?? 0) + 1;
  }

  countLinkLost(reason: LossReason): void {
    this.linksLost.set(reason, (this.linksLost.get(reason) ?? 0) + 1);
  }

  countRefresh(result: RefreshResult): void {
    this.refreshes.set(result, (this.refreshes.get(result) ?? 0) + 1);
  }

  /** Counts a failed attempt to open an upstream connection, by error code. */
  countConnectFailure(code: string): void {
    const known = this.connectFailures.has(code) ? code : 'connect-failed';
    this.connectFailures.set(known, (this.connectFailures.get(known) ?? 0) + 1);
  }

  countError(reason: ErrorReason, times = 1): void {
    this.errors.set(reason, (this.errors.get(reason) ?? 0) + times);
  }

  countRejected(reason: RejectReason): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }
}
