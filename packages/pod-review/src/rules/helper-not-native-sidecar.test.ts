import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { helperNotNativeSidecar } from './helper-not-native-sidecar.ts';

const shipper = container('shipper', 'fluent/fluent-bit:3.1');

testRule(helperNotNativeSidecar, {
  fires: [
    [
      'a log shipper among the containers',
      workload({ containers: [web, shipper] }),
      { container: 'shipper' },
    ],
    [
      'a proxy among the containers',
      workload({ containers: [web, container('proxy', 'envoyproxy/envoy:v1.32.0')] }),
      { container: 'proxy' },
    ],
    [
      'an exporter beside a database',
      workload({
        containers: [
          container('db', 'postgres:16'),
          container('exporter', 'prometheuscommunity/postgres-exporter:v0.15.0'),
        ],
      }),
    ],
    [
      'a helper in a Job, which then never ends',
      workload(
        { restartPolicy: 'Never', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'Job' },
      ),
      { severity: 'error', message: expect.stringContaining('never completes') },
    ],
    [
      'a helper in a CronJob',
      workload(
        { restartPolicy: 'OnFailure', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'CronJob' },
      ),
      { severity: 'error' },
    ],
    [
      'a helper in a Pod that should end',
      workload(
        { restartPolicy: 'Never', containers: [container('work', 'example.com/w:1'), shipper] },
        { kind: 'Pod' },
      ),
      { severity: 'error' },
    ],
  ],
  passes: [
    [
      'a native sidecar',
      workload({ containers: [web], initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')] }),
    ],
    [
      'a native sidecar in a Job',
      workload(
        {
          restartPolicy: 'Never',
          containers: [container('work', 'example.com/w:1')],
          initContainers: [sidecar('shipper', 'fluent/fluent-bit:3.1')],
        },
        { kind: 'Job' },
      ),
    ],
    ['a proxy that is the pod', workload({ containers: [container('envoy', 'envoyproxy/envoy:v1.32.0')] })],
  ],
});
