import { eventually } from '@pod-patterns/kit/testing/eventually';
import { expect, it } from 'vitest';
import { scene } from '../../testing/scene.ts';

it('counts only looks at all files, not those at growing files', async () => {
  await using at = await scene();
  at.write('a.log', 'line\n');
  at.clock.nowMs = 1000;
  let passes = 0;
  const tailer = at.tailer(() => passes++);
  const running = tailer.run();
  await eventually(() => tailer.lookedFromMs === 1000);
  at.clock.nowMs = 1030; // the file has just grown, and it is too early for the others
  passes = 0;
  await eventually(() => passes >= 2);
  expect(tailer.lookedFromMs).toBe(1000);
  at.clock.nowMs = 1300;
  tailer.wake();
  await eventually(() => tailer.lookedFromMs === 1300);
  tailer.stop();
  await running;
});
