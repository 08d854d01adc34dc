import type { AdminHandler } from '@pod-patterns/kit';
import type { PodState } from '../pod/container.ts';
import type { PodWatch } from '../pod/watch.ts';

export interface StreamParts {
  readonly watch: Pick<PodWatch, 'subscribe'>;
  /** Called for each client that is cut off because it does not read. */
  readonly onCut: () => void;
}

const aliveEveryMs = 15_000;

/** The pod as server-sent events of this name: one when it has changed, at most one a second. */
export function streamOf(
  event: string,
  show: (pod: PodState) => string,
  { watch, onCut }: StreamParts,
): AdminHandler {
  return ({ method }, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (method === 'HEAD') return void response.end();
    let sent = '';
    const send = (text: string) => {
      if (!response.writableNeedDrain) return void response.write(text);
      // it has not read the event of one second ago
      onCut();
      return void response.destroy();
    };
    // the browser reconnects after this many milliseconds
    send('retry: 2000\n\n');
    const unsubscribe = watch.subscribe((pod) => {
      const data = show(pod);
      if (data === sent) return;
      sent = data;
      send(`event: ${event}\ndata: ${data.replaceAll('\n', '\ndata: ')}\n\n`);
    });
    const alive = setInterval(() => send(': alive\n\n'), aliveEveryMs);
    response.once('close', () => {
      unsubscribe();
      clearInterval(alive);
    });
  };
}
