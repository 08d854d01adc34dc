import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';
import type { PodWatch } from '../pod/watch.ts';

/** `/api/pod`: the containers of this pod as web sees them. */
export function podResource(watch: PodWatch): Methods {
  const show: Handler = async (_req, res) => {
    res.set('cache-control', 'no-store').json(await watch.current(res.locals.exchange.trace));
  };
  return { get: [show] };
}
