import type { AdminHandler } from '@pod-patterns/kit';
import type { PodState } from '../pod/container.ts';
import type { PodWatch } from '../pod/watch.ts';

export interface StreamParts {
  readonly watch: Pick<PodWatch, 'subscribe'>;
  /** Ends every stream. */
  readonly stopping: AbortSignal;
  /** Told of each client that is cut off because it does not read. */
  readonly onCut: () => void;
  /** How often a quiet stream shows that it lives; 15 s. */
  readonly aliveEveryMs?: number;
}

/** The pod as server-sent events of this name: one when it has changed, at most one a second. */
export function streamOf(event: string, show: (pod: PodState) => string, parts: StreamParts): AdminHandler {
  const { watch, stopping, onCut, aliveEveryMs = 15_000 } = parts;
  return ({ method }, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    if (method === 'HEAD') return void response.end();
    let sent = '';
    const send = (text: string) => {
      // a second ago it was sent something, and has not read it
      if (response.writableNeedDrain) {
        onCut();
        response.destroy();
      } else response.write(text);
    };
    // a browser that has lost us comes back after this many milliseconds
    send('retry: 2000\n\n');
    const unsubscribe = watch.subscribe((pod) => {
      const data = show(pod);
      if (data === sent) return;
      sent = data;
      send(`event: ${event}\ndata: ${data.replaceAll('\n', '\ndata: ')}\n\n`);
    });
    const alive = setInterval(() => send(': alive\n\n'), aliveEveryMs);
    const stop = () => response.end();
    stopping.addEventListener('abort', stop);
    if (stopping.aborted) stop();
    response.once('close', () => {
      unsubscribe();
      clearInterval(alive);
      stopping.removeEventListener('abort', stop);
    });
  };
}
