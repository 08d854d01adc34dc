import { execSleepSeconds } from '../pod/durations.ts';
import type { Rule } from './rule.ts';

export const preStopSleepByExec: Rule = {
  id: 'pre-stop-sleep-by-exec',
  severity: 'info',
  why: 'A hook that runs `sleep` needs that program in the image, and fails at once in a distroless one: the pod then stops without the pause.',
  fix: 'Use lifecycle.preStop.sleep.seconds (on by default since Kubernetes 1.30), which needs nothing in the image.',
  link: 'https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-implementations',
  check: {
    *pod(pod) {
      for (const { name, spec, path } of pod.containers) {
        const command = spec.lifecycle?.preStop?.exec?.command?.join(' ') ?? '';
        const seconds = execSleepSeconds(spec.lifecycle?.preStop);
        if (seconds === undefined || /[;&|]\s*\S|\S\s*&&/.test(command.replace(/^\S*sh\s+-c\s+/, '')))
          continue;
        yield {
          path: [...path, 'lifecycle', 'preStop'],
          container: name,
          message: `${name} runs sleep ${seconds} in its preStop hook`,
        };
      }
    },
  },
};
