import type { Rule } from './rule.ts';

export const emptyDirWithoutLimit: Rule = {
  id: 'empty-dir-without-limit',
  severity: 'warning',
  why: 'An emptyDir without a limit grows until the node’s disk is full, and then other pods are evicted too; with medium: Memory it grows until the pod is killed. With a limit, only this pod is evicted.',
  fix: 'Set sizeLimit, and keep the files well below it, for example by rotation.',
  link: 'https://kubernetes.io/docs/concepts/storage/volumes/#emptydir',
  check: {
    *pod(pod) {
      for (const [index, { name, emptyDir }] of (pod.spec.volumes ?? []).entries()) {
        if (emptyDir === undefined || emptyDir.sizeLimit !== undefined) continue;
        const users = pod.containers.filter(({ spec }) =>
          spec.volumeMounts?.some((mount) => mount.name === name),
        );
        const isShared = users.length > 1;
        yield {
          path: [...pod.specPath, 'volumes', index, 'emptyDir'],
          message: `the emptyDir ${name}${isShared ? `, shared by ${users.map((user) => user.name).join(', ')},` : ''} has no sizeLimit`,
          ...(isShared || emptyDir.medium === 'Memory' ? {} : { severity: 'info' as const }),
        };
      }
    },
  },
};
