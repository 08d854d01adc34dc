import { expect } from 'vitest';
import { sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { helperCouldBeShared } from './helper-could-be-shared.ts';

const statsd = (memory: string) =>
  sidecar('statsd', 'prom/statsd-exporter:v0.27.0', { resources: { requests: { cpu: '20m', memory } } });

testRule(helperCouldBeShared, {
  fires: [
    [
      'twenty copies of a StatsD adaptor, with what they cost',
      workload({ containers: [web], initContainers: [statsd('64Mi')] }, { replicas: 20 }),
      {
        container: 'statsd',
        message: expect.stringContaining('20 × 64Mi = 1280Mi of memory and 400m of cpu'),
      },
    ],
    ['four big ones', workload({ containers: [web], initContainers: [statsd('512Mi')] }, { replicas: 4 })],
  ],
  passes: [
    ['a few small ones', workload({ containers: [web], initContainers: [statsd('64Mi')] }, { replicas: 3 })],
    ['one big one', workload({ containers: [web], initContainers: [statsd('2Gi')] }, { replicas: 1 })],
    [
      'an ambassador, which has to be local',
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
