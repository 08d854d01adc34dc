import type { Command } from './command/command.ts';
import { families } from './command/command-table.ts';

/** Upper bounds of the latency buckets, in milliseconds. */
export const latencyBoundsMs = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000] as const;

/** A histogram that costs a few nanoseconds an observation: bounds are few and mostly the first ones hit. */
export class LatencyHistogram {
  /** Per bound, and one more for what is above all of them. Not cumulative. */
  readonly counts: number[] = new Array(latencyBoundsMs.length + 1).fill(0);
  sumMs = 0;

  observe(ms: number, times: number): void {
    let bucket = 0;
    while (bucket < latencyBoundsMs.length && ms > (latencyBoundsMs[bucket] ?? 0)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + times;
    this.sumMs += ms * times;
  }
}

/** Why the ambassador answered a request with an error of its own. */
export const errorReasons = [
  'unavailable',
  'connection-lost',
  'timeout',
  'protocol',
  'auth',
  'refused',
  'denied',
  'limit',
] as const;
/** One of them: a label of `errors_total`. */
export type ErrorReason = (typeof errorReasons)[number];

/** Why a client was not let in, or was cut off. */
export const rejectReasons = [
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
/** One of them: a label of `rejected_total`. */
export type RejectReason = (typeof rejectReasons)[number];

/**
 * Why a connection to the upstream was lost; `abandoned`: the client that it was dedicated to has given it up;
 * `moved`: its server no longer is what it was there for.
 */
export const lossReasons = ['closed', 'timeout', 'protocol', 'stopped', 'abandoned', 'moved'] as const;
/** One of them: a label of `links_lost_total`. */
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

/** What came of asking where Redis is. */
export const refreshResults = ['ok', 'failed'] as const;
/** One of them: a label of `topology_refreshes_total`. */
export type RefreshResult = (typeof refreshResults)[number];

/** What is counted on the way of every command: plain numbers, read when somebody asks for the metrics. */
export class Figures {
  clientsAccepted = 0;
  clientBytesIn = 0;
  clientBytesOut = 0;
  upstreamBytesIn = 0;
  upstreamBytesOut = 0;
  /** Requests sent again: their link was lost, or the reply was too large for a shared one. */
  repeated = 0;
  /** How often another server has become the primary. */
  failovers = 0;
  /** How often a node of a Cluster has said that keys are elsewhere. */
  readonly redirects = { moved: 0, ask: 0 };
  /** How often it was asked where Redis is, and how that went. */
  readonly refreshes = new Map<RefreshResult, number>(refreshResults.map((result) => [result, 0]));
  readonly latency = new LatencyHistogram();
  /** Requests by index of their family. */
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

  /** Counts an attempt to open an upstream connection that failed with an error of this code. */
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
