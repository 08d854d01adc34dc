import { expect } from 'vitest';
import { sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { helperCouldBeShared } from './helper-could-be-shared.ts';

const statsd = (memory: string) =>
  sidecar('statsd', 'prom/statsd-exporter:v0.27.0', { resources: { requests: { cpu: '20m', memory } } });

testRule(helperCouldBeShared, {
  fires: [
    [
      'twenty StatsD adaptors, with their cost',
      workload({ containers: [web], initContainers: [statsd('64Mi')] }, { replicas: 20 }),
      {
        container: 'statsd',
        message: expect.stringContaining('20 × 64Mi = 1280Mi of memory and 400m of cpu'),
      },
    ],
    [
      'four large StatsD adaptors',
      workload({ containers: [web], initContainers: [statsd('512Mi')] }, { replicas: 4 }),
    ],
  ],
  passes: [
    [
      'a few small StatsD adaptors',
      workload({ containers: [web], initContainers: [statsd('64Mi')] }, { replicas: 3 }),
    ],
    [
      'one large StatsD adaptor',
      workload({ containers: [web], initContainers: [statsd('2Gi')] }, { replicas: 1 }),
    ],
    [
      'an ambassador, which must be local',
      workload(
        {
          containers: [web],
          initContainers: [
            sidecar('redis-ambassador', 'example.com/redis-ambassador:1', {
              resources: { requests: { memory: '512Mi' } },
            }),
          ],
        },
        { replicas: 20 },
      ),
    ],
  ],
});
