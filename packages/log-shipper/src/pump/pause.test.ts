import { expect, it } from 'vitest';
import { pauseUntil } from './pause.ts';

const hourMs = 3_600_000;

it('ends when a stop begins, and is short from then on', async () => {
  const stopping = new AbortController();
  const pause = pauseUntil(stopping.signal, new AbortController().signal);
  const waiting = pause(hourMs);
  stopping.abort();
  await waiting;
  await pause(hourMs);
});

it('waits its time where nothing stops', async () => {
  const pause = pauseUntil(new AbortController().signal, new AbortController().signal);
  const startMs = performance.now();
  await pause(50);
  expect(performance.now() - startMs).toBeGreaterThan(45);
});

it.each(['before', 'during'])('fails when time is up %s a stop', async (when) => {
  const stopping = new AbortController();
  const cut = new AbortController();
  const pause = pauseUntil(stopping.signal, cut.signal);
  if (when === 'during') stopping.abort();
  const waiting = pause(hourMs);
  cut.abort(new Error('time is up'));
  await expect(waiting).rejects.toThrow('time is up');
  await expect(pause(0)).rejects.toThrow('time is up');
});
