import { readDurationMs } from '@pod-patterns/kit';
import type { ILifecycleHandler } from '../../types/kubernetes.ts';
import type { Container } from './container.ts';
import { commandLine, environment, setting } from './environment.ts';
import type { Input } from './input.ts';
import type { Pod } from './pod.ts';

/** How long a preStop hook waits, in seconds: `sleep` itself or a command that sleeps; 0 when it does not. */
export function preStopSeconds({ spec }: Pick<Container, 'spec'>): number {
  const hook = spec.lifecycle?.preStop;
  return hook?.sleep?.seconds ?? execSleepSeconds(hook) ?? 0;
}

/** The seconds of `sleep 5` in a hook's command, or undefined. */
export function execSleepSeconds(hook: ILifecycleHandler | undefined): number | undefined {
  const seconds = /\bsleep\s+(\d+)/.exec((hook?.exec?.command ?? []).join(' '))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

const drainFlag =
  /shutdown-timeout|graceful-timeout|graceful-shutdown-timeout|drain-time-s|drain-timeout|max-sigterm-delay/;
const drainVariable =
  /^(?:SHUTDOWN_TIMEOUT|GRACEFUL_TIMEOUT|GRACEFUL_SHUTDOWN_TIMEOUT|DRAIN_TIMEOUT|SERVER_SHUTDOWN_TIMEOUT|STOP_TIMEOUT)$/;

const ownHelper = /(?:^|\/)pod-patterns\/(?:log-shipper|redis-ambassador|statsd-adaptor)(?:$|[:@])/;

/** Default stop time of our own helpers (`--shutdown-timeout`). */
const ownDefaultSeconds = 20;

/** How long a container may take to end after its stop signal, in seconds, as far as its settings say. */
export function drainSeconds(container: Container, pod: Pod, input: Input): number {
  const line = commandLine(container);
  const text = setting(drainFlag, drainVariable, { line, variables: environment(container, pod, input) });
  if (text !== undefined) return /^\d+$/.test(text) ? Number(text) : (readDurationMs(text) ?? 0) / 1000;
  return ownHelper.test(container.spec.image ?? '') ? ownDefaultSeconds : 0;
}
