import { describeError, shareWhileRunning } from '@pod-patterns/kit';
import { ask } from '../ask/ask.ts';
import { parseJson, textAt } from '../ask/json.ts';
import { formatFigure } from '../pod/format-figure.ts';

const pages = ['home', 'about', 'pricing', 'docs'];
const askWithinMs = 5000;
const burstSize = 500;
const visitors = 4;

/** The requests behind the buttons, and no others; each reports its result in words. */
export function makersOf(app: string): ReadonlyMap<string, () => Promise<string>> {
  const send = (method: string, path: string, body?: string) =>
    ask(app + path, { signal: AbortSignal.timeout(askWithinMs), method, body });
  /** Undefined if the view was counted, else the reason. */
  const view = async (): Promise<string | undefined> => {
    const { status, body } = await send('POST', `/api/views/${anyPage()}`);
    return status >= 200 && status < 400 ? undefined : reasonOf(body);
  };
  /** A steady mix of page views, cache writes and cache reads. A cache miss is not a fault. */
  const steady = async (): Promise<string> => {
    const dice = Math.random();
    if (dice < 0.6) await view();
    else if (dice < 0.8) await send('PUT', `/api/cache/${anyPage()}`, new Date().toISOString());
    else await send('GET', `/api/cache/${anyPage()}`);
    return 'About 16 requests a second: page views, cache writes and cache reads.';
  };
  const error = async (): Promise<string> => {
    const id = textAt(parseJson((await send('POST', '/api/errors')).body), 'requestId');
    return `Request ${id ?? '?'} failed: its stack trace is in error.log, and will be shipped to the log backend.`;
  };
  const one = async () => `One page view, ${whether(await view())}.`;
  // one burst at a time for all viewers
  return new Map([
    ['view', one],
    ['steady', steady],
    ['error', error],
    ['burst', shareWhileRunning(() => burst(view))],
  ]);
}

async function burst(view: () => Promise<string | undefined>): Promise<string> {
  const startedAt = performance.now();
  const reasons: string[] = [];
  let started = 0;
  const visitor = async () => {
    while (started++ < burstSize) {
      const reason = await view().catch(describeError);
      if (reason !== undefined) reasons.push(reason);
    }
  };
  await Promise.all(Array.from({ length: visitors }, visitor));
  const whole = `${burstSize} page views in ${formatFigure(performance.now() - startedAt, 'ms')}`;
  if (reasons.length === 0) return `${whole}, all counted.`;
  return `${whole}: ${burstSize - reasons.length} counted, ${reasons.length} not: ${reasons.at(-1)}.`;
}

function whether(reason: string | undefined): string {
  return reason === undefined ? 'counted' : `not counted: ${reason}`;
}

function anyPage(): string {
  return pages[Math.floor(Math.random() * pages.length)] ?? 'home';
}

/** The detail of a problem (RFC 9457), or else the status. */
function reasonOf(body: string): string {
  return textAt(parseJson(body), 'detail') ?? (body.slice(0, 200) || 'no reason given');
}
