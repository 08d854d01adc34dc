import type { Rule } from './rule.ts';

export const twoAppsInOnePod: Rule = {
  id: 'two-apps-in-one-pod',
  severity: 'error',
  separates: true,
  why: 'Two apps in one pod are scaled, released, restarted and placed together though neither serves the other. One that needs ten replicas takes ten of the other with it, and a crash of either takes both out of the Service.',
  fix: 'Give each app a Deployment and a Service of its own. If one of them does serve the other, say its role with the annotation pod-review/role.<container>.',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#how-pods-manage-multiple-containers',
  check: {
    *pod(pod) {
      const [first, ...others] = pod.containers.filter(({ role }) => role === 'app');
      for (const app of others) {
        yield {
          path: app.path,
          container: app.name,
          message: `${app.name} is an app (${app.why.at(-1)}) beside the app ${first?.name}: neither serves the other`,
        };
      }
    },
  },
};
