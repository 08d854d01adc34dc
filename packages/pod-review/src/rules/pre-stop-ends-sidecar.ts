import type { Container } from '../pod/container.ts';
import { preStopSeconds } from '../pod/durations.ts';
import type { Pod } from '../pod/pod.ts';
import type { Rule } from './rule.ts';

export const preStopEndsSidecar: Rule = {
  id: 'pre-stop-ends-sidecar',
  severity: 'error',
  why: 'The preStop hooks of sidecars run at the same time as the app’s, while the app still drains its requests. A hook that ends the sidecar takes it away from the app, and the kubelet does not restart it.',
  fix: 'Remove the hook: the kubelet sends SIGTERM to a sidecar after all app containers have ended. A proxy for incoming requests may drain before the app: give it a readiness probe, let its hook pause and then quit gracefully (`sleep 5; nginx -s quit`), and give every app container a longer preStop pause.',
  link: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers#enforce-sidecar-containers-termination-order',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        const ends = container.form === 'native-sidecar' ? endOf(container) : undefined;
        if (ends === undefined || drainsBeforeApps(container, pod)) continue;
        yield {
          path: [...container.path, 'lifecycle', 'preStop'],
          container: container.name,
          message: `the preStop hook of ${container.name} ends it (${ends}) while the app still needs it`,
        };
      }
    },
  },
};

/** A proxy that stands between the Service and the app, as its readiness probe says, and goes while the app stays. */
function drainsBeforeApps(proxy: Container, { containers }: Pod): boolean {
  const command = (proxy.spec.lifecycle?.preStop?.exec?.command ?? []).join(' ');
  const pause = preStopSeconds(proxy);
  const apps = containers.filter(({ form }) => form === 'app');
  return (
    proxy.spec.readinessProbe !== undefined &&
    pause > 0 &&
    /\b(nginx|openresty)\b.{0,300} -s quit\b/.test(command) &&
    apps.every((app) => preStopSeconds(app) > pause)
  );
}

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
