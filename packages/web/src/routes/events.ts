import type { Handler, HttpResponse } from '../http/exchange.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Methods } from '../http/resource.ts';
import type { Traffic } from '../http/traffic.ts';
import type { PodWatch } from '../pod/watch.ts';

export interface EventsParts {
  readonly watch: Pick<PodWatch, 'subscribe'>;
  readonly traffic: Traffic;
  /** Ends every stream. */
  readonly stopping: AbortSignal;
  /** How often a quiet stream shows that it lives; 15 s. */
  readonly aliveEveryMs?: number;
}

const maxStreams = 200;

/** `/events`: the pod as server-sent events, one when it has changed, at most one a second. */
export function eventsResource(parts: EventsParts): Methods {
  const stream: Handler = (req, res) => {
    const { traffic } = parts;
    if (traffic.eventStreams >= maxStreams) {
      throw new HttpProblem(503, 'too many event streams', { headers: { 'retry-after': '5' } });
    }
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (req.method === 'HEAD') return res.end();
    res.locals.exchange.isStream = true;
    traffic.inFlight--;
    traffic.eventStreams++;
    const end = follow(parts, res);
    return res.once('close', () => {
      traffic.eventStreams--;
      end();
    });
  };
  return { get: [stream] };
}

function follow({ watch, stopping, aliveEveryMs = 15_000 }: EventsParts, res: HttpResponse): () => void {
  let sent = '';
  // a reader that is behind gets the state of then instead of all those it has missed
  const canTake = () => !res.writableNeedDrain && !res.writableEnded;
  // a browser that has lost us comes back after this many milliseconds
  res.write('retry: 2000\n\n');
  const unsubscribe = watch.subscribe((pod) => {
    const data = JSON.stringify(pod);
    if (data === sent || !canTake()) return;
    sent = data;
    res.write(`event: pod\ndata: ${data}\n\n`);
  });
  const alive = setInterval(() => canTake() && res.write(': alive\n\n'), aliveEveryMs);
  const stop = () => res.end();
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  return () => {
    unsubscribe();
    clearInterval(alive);
    stopping.removeEventListener('abort', stop);
  };
}
