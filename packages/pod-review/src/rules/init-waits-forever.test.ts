import { expect } from 'vitest';
import { container, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { initWaitsForever } from './init-waits-forever.ts';

const waiting = (script: string) =>
  workload({
    containers: [web],
    initContainers: [container('wait', 'busybox:1.36', { command: ['sh', '-c', script] })],
  });

testRule(initWaitsForever, {
  fires: [
    [
      'the loop from the Kubernetes documentation',
      waiting('until nslookup myservice; do echo waiting for myservice; sleep 2; done'),
      { container: 'wait', message: expect.stringMatching(/deadline.*resolves/) },
    ],
    [
      'a loop around nc',
      waiting('until nc -z redis 6379; do sleep 1; done'),
      { message: expect.stringContaining('deadline') },
    ],
    ['a while loop with a negation', waiting('while ! wget -q http://api/health; do sleep 5; done')],
    [
      'a bounded loop that checks only DNS',
      waiting('i=0; until nslookup db; do i=$((i+1)); [ $i -lt 60 ] || exit 1; sleep 1; done'),
      { message: expect.stringContaining('resolves') },
    ],
    ['wait-for-it without a limit', waiting('./wait-for-it.sh -t 0 db:5432')],
  ],
  passes: [
    [
      'a loop with an end',
      waiting('for i in $(seq 60); do nc -z redis 6379 && exit 0; sleep 1; done; exit 1'),
    ],
    ['a loop under timeout', waiting('timeout 120 sh -c "until nc -z redis 6379; do sleep 1; done"')],
    [
      'wait-for',
      workload({
        containers: [web],
        initContainers: [
          container('wait-for', 'pod-patterns/wait-for:0.1.0', {
            args: ['--timeout', '5m', 'tcp://redis:6379'],
          }),
        ],
      }),
    ],
    [
      'a loop in the app',
      workload({
        containers: [
          container('a', 'busybox:1.36', { command: ['sh', '-c', 'while true; do date; sleep 1; done'] }),
        ],
      }),
    ],
  ],
});
