import { describe } from 'vitest';
import { container, web, workload } from '../../../testing/manifests.ts';
import { claim, deployment, hpa, statefulSet, withSpec } from '../../../testing/objects.ts';
import { accepts, refuses } from '../../../testing/verdicts.ts';

describe('what the API server refuses', () => {
  refuses([
    [
      'an unknown retention of claims',
      statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'delete' } }),
      '"delete" is not one of',
    ],
    [
      'an unknown choice of scaling policies',
      hpa({ behavior: { scaleUp: { selectPolicy: 'max' } } }),
      '"max" is not one of',
    ],
    [
      'a scaling policy of no kind',
      hpa({ behavior: { scaleUp: { policies: [{ type: 'pods', value: 1, periodSeconds: 1 }] } } }),
      '"pods" is not one of',
    ],
    [
      'a total as the target of a metric of pods',
      hpa({
        metrics: [{ type: 'Pods', pods: { metric: { name: 'x' }, target: { type: 'Value', value: '1' } } }],
      }),
      'expected averageValue',
    ],
    [
      'a target of an external metric both in all and for each pod',
      hpa({
        metrics: [
          {
            type: 'External',
            external: { metric: { name: 'x' }, target: { type: 'Value', value: '1', averageValue: '1' } },
          },
        ],
      }),
      'not allowed with value',
    ],
    [
      'a target of no kind',
      hpa({
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'x', averageValue: '1' } } }],
      }),
      '"x" is not one of',
    ],
    [
      'no CPU as a target',
      withSpec('autoscaling/v1', 'HorizontalPodAutoscaler', {
        scaleTargetRef: { kind: 'Deployment', name: 'x' },
        maxReplicas: 3,
        targetCPUUtilizationPercentage: 0,
      }),
      '0 must be more than 0',
    ],
    [
      'a selector that the labels do not match',
      deployment({ selector: { matchLabels: { a: 'other' } } }),
      'does not match',
    ],
    ['an empty selector', deployment({ selector: {} }), 'selector is required'],
    [
      'OnFailure in a Deployment',
      workload({ restartPolicy: 'OnFailure', containers: [web] }),
      'Always, the only value',
    ],
    [
      'a deadline in a Deployment',
      workload({ activeDeadlineSeconds: 5, containers: [web] }),
      'forbidden-field',
    ],
    ['negative replicas', deployment({ replicas: -1 }), 'must not be negative'],
    [
      'no surge and nothing unavailable',
      deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'cannot be 0',
    ],
    [
      'a percentage without its sign',
      deployment({ strategy: { rollingUpdate: { maxSurge: '25' } } }),
      'not a number or a percentage',
    ],
    [
      'a deadline not above minReadySeconds',
      deployment({ minReadySeconds: 700 }),
      'more than minReadySeconds',
    ],
    [
      'surge in a DaemonSet with the default maxUnavailable',
      withSpec('apps/v1', 'DaemonSet', {
        selector: { matchLabels: { a: 'b' } },
        updateStrategy: { rollingUpdate: { maxSurge: 1 } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
      }),
      'must be 0 unless',
    ],
    ['a StatefulSet with a dot in its name', { ...statefulSet({}), metadata: { name: 'a.b' } }, '"a.b"'],
    [
      'a claim without a size',
      statefulSet({
        volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'] } }],
      }),
      'storage is required',
    ],
    ['fewer replicas at most than at least', hpa({ minReplicas: 5 }), 'less than minReplicas'],
    ['a metric without its source', hpa({ metrics: [{ type: 'Resource' }] }), 'resource is required'],
    [
      'a metric without a target',
      hpa({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] }),
      'expected averageUtilization',
    ],
    [
      'a Deployment without a spec',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' } },
      'spec is required',
    ],
  ]);
});

describe('what the API server accepts', () => {
  accepts([
    [
      'a metric of an object with both targets',
      hpa({
        metrics: [
          {
            type: 'Object',
            object: {
              describedObject: { kind: 'Service', name: 'x' },
              metric: { name: 'x' },
              target: { type: 'Value', value: '1', averageValue: '1' },
            },
          },
        ],
      }),
    ],
    [
      'an update that may stop everything',
      deployment({ strategy: { rollingUpdate: { maxUnavailable: '100%', maxSurge: 0 } } }),
    ],
    [
      'a selector by expression',
      deployment({
        selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['app', 'other'] }] },
      }),
    ],
    [
      'a StatefulSet that mounts its claim',
      statefulSet({
        template: {
          metadata: { labels: { a: 'b' } },
          spec: {
            containers: [container('c', 'd:1', { volumeMounts: [{ name: 'data', mountPath: '/d' }] })],
          },
        },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      }),
    ],
    [
      'a DaemonSet that surges',
      withSpec('apps/v1', 'DaemonSet', {
        selector: { matchLabels: { a: 'b' } },
        updateStrategy: { rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [web] } },
      }),
    ],
    [
      'an autoscaler by container',
      hpa({
        minReplicas: 2,
        metrics: [
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'cpu',
              container: 'web',
              target: { type: 'Utilization', averageUtilization: 70 },
            },
          },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
          },
        },
      }),
    ],
    ['an autoscaler without metrics', hpa({})],
  ]);
});
