import { type App, expectAllCounted, freshPod } from '../app.ts';
import { restarted, restartsOf } from '../pods.ts';
import { type Signal, signal } from '../processes.ts';
import { describeTally, type Tally } from '../tally.ts';

export const helpers = ['log-shipper', 'statsd-adaptor', 'redis-ambassador', 'pod-page'] as const;

export interface Disturbed {
  readonly tally: Tally;
  /** Seconds until the container has restarted and its pod is ready. */
  readonly seconds: number;
}

/**
 * Sends a signal to a helper under load, and waits until it is back. Throws if web restarted too, if something
 * acknowledged is lost, or if a request failed that does not need the helper. Without Redis a request may get 503.
 */
export async function disturb(
  app: App,
  container: (typeof helpers)[number],
  name: Signal,
): Promise<Disturbed> {
  const page = app.newPage();
  const pod = await freshPod(app);
  await using load = await app.view(page);
  const since = performance.now();
  await signal(app.kubectl, { pod, container, name });
  await restarted(app.kubectl, pod, container);
  const seconds = (performance.now() - since) / 1000;
  await load.more(120);
  const tally = await load.stop();
  const mayFail = container === 'redis-ambassador' ? ['503'] : [];
  if ([...tally.others.keys()].some((other) => !mayFail.includes(other)))
    throw new Error(describeTally(tally));
  if ((await restartsOf(app.kubectl, pod, 'web')) > 0) throw new Error('web was restarted too');
  await expectAllCounted(app, page, tally);
  return { tally, seconds };
}
