import { container, type Data, web, workload } from './manifests.ts';

/** A Pod, of one container unless the spec says otherwise. */
export const pod = (spec: Data, metadata: Data = {}): Data => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', ...metadata },
  spec: { containers: [web], ...spec },
});
/** A Pod whose container has these fields too. */
export const one = (more: Data, spec: Data = {}) =>
  pod({ containers: [container('a', 'b:1', more)], ...spec });
/** An object of any kind that has a spec. */
export const withSpec = (apiVersion: string, kind: string, spec: Data, name = 'x'): Data => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});
export const service = (spec: Data) => withSpec('v1', 'Service', spec);
export const deployment = (spec: Data): Data => {
  const base = workload({ containers: [web] });
  return { ...base, spec: { ...(base['spec'] as Data), ...spec } };
};
export const job = (spec: Data, template: Data = { restartPolicy: 'Never', containers: [web] }) =>
  withSpec('batch/v1', 'Job', { template: { spec: template }, ...spec });
export const cron = (schedule: string, more: Data = {}) =>
  withSpec('batch/v1', 'CronJob', {
    schedule,
    jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [web] } } } },
    ...more,
  });
export const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
export const statefulSet = (spec: Data) =>
  withSpec('apps/v1', 'StatefulSet', {
    serviceName: 'x',
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
    ...spec,
  });
/** A HorizontalPodAutoscaler. */
export const hpa = (spec: Data) =>
  withSpec('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
    maxReplicas: 3,
    ...spec,
  });
export const role = (kind: string, rules: Data[]): Data => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'system:x' },
  rules,
});
/** An Ingress of one path. */
export const ingress = (path: Data) =>
  withSpec('networking.k8s.io/v1', 'Ingress', {
    rules: [
      {
        host: 'example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'x', port: { number: 80 } } },
              ...path,
            },
          ],
        },
      },
    ],
  });
