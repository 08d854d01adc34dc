import { commandLine } from '../pod/environment.ts';
import type { Rule } from './rule.ts';

export const initWaitsForever: Rule = {
  id: 'init-waits-forever',
  severity: 'warning',
  why: 'An init container that loops without a deadline hides a wrong name or a missing backend behind Init:0/1 forever: no exit code, no event, no restart. A name that resolves (nslookup) does not prove that a server listens, and busybox resolves names differently from the app.',
  fix: 'Wait with a deadline and report the reason, as wait-for does (`wait-for --timeout 5m tcp://redis:6379`). Check the port or the health endpoint instead of DNS.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/init-containers/',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        if (container.form !== 'init') continue;
        const line = commandLine(container);
        const isLoop = /\b(until|while)\b/.test(line);
        if (!isLoop && !waitsForEver(line)) continue;
        const usesDns = /\b(nslookup|dig|getent|host)\b/.test(line);
        const isBounded = /\btimeout\b|\bSECONDS\b|\b(exit|return)\s+[1-9]|-(lt|le|gt|ge)\b|\bseq\b/.test(
          line,
        );
        if (isBounded && !usesDns) continue;
        const faults = [
          ...(isBounded ? [] : ['waits without a deadline']),
          ...(usesDns ? ['checks only that a name resolves'] : []),
        ];
        yield {
          path: [...container.path, container.spec.command === undefined ? 'args' : 'command'],
          container: container.name,
          message: `${container.name} ${faults.join(' and ')}`,
        };
      }
    },
  },
};

/** Whether a line calls wait-for, or a script of that name, without a deadline. */
function waitsForEver(text: string): boolean {
  return text.split('\n').some((line) => {
    const at = line.indexOf('wait-for');
    return at >= 0 && /\s(?:-t|--timeout)[= ]\s*0(?:\s|$)/.test(line.slice(at));
  });
}
