import { expect } from 'vitest';
import { container, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { preStopSleepByExec } from './pre-stop-sleep-by-exec.ts';

const withHook = (preStop: Record<string, unknown>) =>
  workload({ containers: [container('web', 'example.com/web:1', { lifecycle: { preStop } })] });

testRule(preStopSleepByExec, {
  fires: [
    ['sleep', withHook({ exec: { command: ['sleep', '5'] } }), { container: 'web' }],
    [
      'sleep in a shell',
      withHook({ exec: { command: ['/bin/sh', '-c', 'sleep 15'] } }),
      { message: expect.stringContaining('sleep 15') },
    ],
  ],
  passes: [
    ['the sleep action', withHook({ sleep: { seconds: 5 } })],
    [
      'a shell that does more than sleep',
      withHook({ exec: { command: ['sh', '-c', 'touch /tmp/draining && sleep 5'] } }),
    ],
  ],
});
