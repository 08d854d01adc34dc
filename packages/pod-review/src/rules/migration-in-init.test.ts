import { expect } from 'vitest';
import { container, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { migrationInInit } from './migration-in-init.ts';

const migrate = container('migrate', 'example.com/app:1', { command: ['npm', 'run', 'db:migrate'] });

testRule(migrationInInit, {
  fires: [
    [
      'a migration before each of three replicas',
      workload({ containers: [web], initContainers: [migrate] }, { replicas: 3 }),
      { container: 'migrate', message: expect.stringContaining('3 replicas') },
    ],
    [
      'Flyway',
      workload(
        { containers: [web], initContainers: [container('schema', 'flyway/flyway:10')] },
        { replicas: 2 },
      ),
    ],
  ],
  passes: [
    ['one replica', workload({ containers: [web], initContainers: [migrate] }, { replicas: 1 })],
    [
      'a Job',
      workload(
        {
          restartPolicy: 'Never',
          containers: [container('run', 'example.com/app:1')],
          initContainers: [migrate],
        },
        { kind: 'Job' },
      ),
    ],
    [
      'another init container',
      workload({ containers: [web], initContainers: [container('wait', 'busybox:1.36')] }, { replicas: 3 }),
    ],
  ],
});
