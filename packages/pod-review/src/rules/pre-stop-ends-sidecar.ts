import type { Container } from '../pod/pod.ts';
import type { Rule } from './rule.ts';

export const preStopEndsSidecar: Rule = {
  id: 'pre-stop-ends-sidecar',
  severity: 'error',
  why: 'The preStop hooks of sidecars run at the same time as the app’s, while the app still works off its requests. A hook that ends the sidecar takes it away from the app, and as a sidecar is always restarted, it may come back and be ended again until the grace period is over.',
  fix: 'Remove the hook: the kubelet stops a sidecar by SIGTERM when all app containers are gone.',
  link: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers#enforce-sidecar-containers-termination-order',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        const ends = container.form === 'native-sidecar' ? endOf(container) : undefined;
        if (ends === undefined) continue;
        yield {
          path: [...container.path, 'lifecycle', 'preStop'],
          container: container.name,
          message: `the preStop hook of ${container.name} ends it (${ends}) while the app still needs it`,
        };
      }
    },
  },
};

function endOf({ spec }: Container): string | undefined {
  const hook = spec.lifecycle?.preStop;
  const command = (hook?.exec?.command ?? []).join(' ');
  const killing =
    /\b(kill|pkill|killall|kill5|halt|poweroff)\b|\b(nginx|openresty)\b.{0,300} -s \w+|\b(redis|valkey)-cli\b.{0,300} shutdown|\/quitquitquit|\bhaproxy\b.{0,300} -sf/i.exec(
      command,
    )?.[0];
  if (killing !== undefined) return killing;
  const path = hook?.httpGet?.path ?? '';
  return /\/(quit|quitquitquit|shutdown|stop|exit|terminate)\b/.test(path) ? path : undefined;
}
