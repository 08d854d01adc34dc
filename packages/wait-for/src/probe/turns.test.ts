import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('lets timers run between two tasks, and keeps the order of tasks', async () => {
  const turns = new Turns();
  const heard: string[] = [];
  const busy = (name: string) => () => {
    heard.push(name);
    setTimeout(() => heard.push(`timer of ${name}`));
    const end = performance.now() + 20;
    while (performance.now() < end);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => turns.take(busy(name))));
  expect(heard).toEqual(['a', 'timer of a', 'b', 'timer of b', 'c']);
});

it('continues after a task that fails', async () => {
  const turns = new Turns();
  const failing = turns.take(() => {
    throw new TypeError('x');
  });
  const fine = turns.take(() => 1);
  await expect(failing).rejects.toThrow('x');
  expect(await fine).toBe(1);
});
