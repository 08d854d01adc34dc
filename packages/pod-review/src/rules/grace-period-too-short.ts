import { drainSeconds, preStopSeconds } from '../pod/durations.ts';
import type { Input } from '../pod/input.ts';
import { gracePeriodSeconds } from '../pod/orders.ts';
import type { Pod } from '../pod/pod.ts';
import type { Rule } from './rule.ts';

export const gracePeriodTooShort: Rule = {
  id: 'grace-period-too-short',
  severity: 'warning',
  why: 'A pod stops in sequence: the app runs its preStop hook and drains, then the sidecars stop one by one, the last in the list first. When the grace period ends, the remaining containers are killed within 2 s. Sidecars stop last, so their buffers are lost.',
  fix: 'Set terminationGracePeriodSeconds to the sum of the preStop pause, the app’s drain and every sidecar’s drain, plus a few seconds; or shorten the drains.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  check: {
    *pod(pod, input) {
      const grace = gracePeriodSeconds(pod.spec);
      if (grace < 0) {
        const path = [...pod.specPath, 'terminationGracePeriodSeconds'];
        yield { path, message: `a grace period of ${grace} s counts as 1 s` };
        return;
      }
      const { seconds, parts } = stopTime(pod, input);
      if (seconds <= grace) return;
      const isSet = pod.spec.terminationGracePeriodSeconds !== undefined;
      yield {
        path: [...pod.specPath, ...(isSet ? ['terminationGracePeriodSeconds'] : [])],
        message: `stopping may take ${seconds} s (${parts.join(', then ')}), but the grace period is ${grace} s${isSet ? '' : ', the default'}`,
      };
    },
  },
};

/** How long the whole stop may take, as far as hooks and settings say: apps side by side, then each sidecar in turn. */
function stopTime(pod: Pod, input: Input): { seconds: number; parts: string[] } {
  const parts: string[] = [];
  const apps = pod.containers.filter(({ form }) => form === 'app');
  const times = apps.map((app) => ({
    app,
    preStop: preStopSeconds(app),
    drain: drainSeconds(app, pod, input),
  }));
  const longest = times.reduce(
    (a, b) => (b.preStop + b.drain > a.preStop + a.drain ? b : a),
    times[0] ?? { app: undefined, preStop: 0, drain: 0 },
  );
  if (longest.preStop > 0) parts.push(`${longest.app?.name} preStop ${longest.preStop} s`);
  if (longest.drain > 0) parts.push(`${longest.app?.name} drain ${longest.drain} s`);
  let seconds = longest.preStop + longest.drain;
  for (const sidecar of pod.containers.filter(({ form }) => form === 'native-sidecar').reverse()) {
    // its hook has been running since the beginning
    const hook = preStopSeconds(sidecar);
    const drain = drainSeconds(sidecar, pod, input);
    if (hook > seconds) parts.push(`${sidecar.name} preStop until ${hook} s`);
    if (drain > 0) parts.push(`${sidecar.name} ${drain} s`);
    seconds = Math.max(seconds, hook) + drain;
  }
  return { seconds, parts };
}
