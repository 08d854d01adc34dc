import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';
import { sendJson } from '../http/send-json.ts';
import type { PodWatch } from '../pod/watch.ts';

/** `/api/pod`: the containers of this pod as web sees them. */
export function podResource(watch: PodWatch): Methods {
  const show: Handler = async (_req, res) => {
    const pod = await watch.current(res.locals.exchange.trace);
    res.setHeader('cache-control', 'no-store');
    sendJson(res, pod);
  };
  return { get: [show] };
}
