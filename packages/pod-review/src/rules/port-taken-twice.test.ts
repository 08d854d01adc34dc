import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { portTakenTwice } from './port-taken-twice.ts';

const on = (name: string, port: number, protocol = 'TCP') =>
  container(name, 'example.com/x:1', { ports: [{ containerPort: port, protocol }] });

testRule(portTakenTwice, {
  fires: [
    [
      'two containers on one port',
      workload({ containers: [on('a', 8080), on('b', 8080)] }),
      { container: 'b', message: expect.stringContaining('TCP 8080') },
    ],
    [
      'a sidecar on the port of the app',
      workload({
        containers: [web],
        initContainers: [sidecar('s', 'x:1', { ports: [{ containerPort: 8080 }] })],
      }),
      { container: 'web' },
    ],
  ],
  passes: [
    [
      'two ports without numbers',
      workload({
        containers: [
          container('loki', 'grafana/loki:2.8.2', { ports: [{ hostPort: 3100 }] }),
          container('grafana', 'grafana/grafana:9.5.1', { ports: [{ hostPort: 3000 }] }),
        ],
      }),
    ],
    ['different ports', workload({ containers: [on('a', 8080), on('b', 8081)] })],
    ['TCP and UDP', workload({ containers: [on('a', 8125), on('b', 8125, 'UDP')] })],
    ['an init container, which has ended', workload({ containers: [web], initContainers: [on('i', 8080)] })],
    [
      'both protocols of one container',
      workload({
        containers: [
          container('a', 'x:1', { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }),
        ],
      }),
    ],
  ],
});
