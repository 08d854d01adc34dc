import { expect, it } from 'vitest';
import { pauseUntil } from './pause.ts';

const hourMs = 3_600_000;

it('a pause ends at a stop, and later pauses are short', async () => {
  const stopping = new AbortController();
  const pause = pauseUntil(stopping.signal, new AbortController().signal);
  const waiting = pause(hourMs);
  stopping.abort();
  await waiting;
  await pause(hourMs);
});

it('a pause lasts its time if nothing stops it', async () => {
  const pause = pauseUntil(new AbortController().signal, new AbortController().signal);
  const startMs = performance.now();
  await pause(50);
  expect(performance.now() - startMs).toBeGreaterThan(45);
});

it.each(['before', 'during'])('a pause fails at the deadline %s a stop', async (when) => {
  const stopping = new AbortController();
  const cut = new AbortController();
  const pause = pauseUntil(stopping.signal, cut.signal);
  if (when === 'during') stopping.abort();
  const waiting = pause(hourMs);
  cut.abort(new Error('time is up'));
  await expect(waiting).rejects.toThrow('time is up');
  await expect(pause(0)).rejects.toThrow('time is up');
});
