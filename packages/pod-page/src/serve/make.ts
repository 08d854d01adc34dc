import { describeError } from '@pod-patterns/kit';
import { type Answer, ask } from '../ask/ask.ts';
import { parseJson, textAt } from '../ask/json.ts';
import { formatFigure } from '../page/format-figure.ts';

/** What came of a button, in words. */
export interface Made {
  readonly said: string;
}

const pages = ['home', 'about', 'pricing', 'docs'];
const askWithinMs = 5000;
const burstSize = 500;
const visitors = 4;

/** The requests that the buttons stand for, and no others. */
export class Maker {
  readonly #app: string;
  #isBursting = false;

  constructor(app: string) {
    this.#app = app;
  }

  async view(): Promise<Made> {
    const { status, body } = await this.#view();
    return {
      said: status < 400 ? 'One page view, counted.' : `One page view, not counted: ${reasonOf(body)}.`,
    };
  }

  /** One request of a steady mix: page views, and a cache that is written and read. A miss is no fault. */
  async steady(): Promise<Made> {
    const key = `/api/cache/${anyPage()}`;
    const dice = Math.random();
    if (dice < 0.6) await this.#view();
    else if (dice < 0.8) await this.#ask('PUT', key, new Date().toISOString());
    else await this.#ask('GET', key);
    return { said: 'About 16 requests a second: page views, and a cache that is written and read.' };
  }

  async error(): Promise<Made> {
    const { body } = await this.#ask('POST', '/api/errors');
    const id = textAt(parseJson(body), 'requestId');
    const where = id === undefined ? 'A request' : `Request ${id}`;
    return { said: `${where} failed: its stack trace is in error.log, and on its way to the backend.` };
  }

  /** One at a time: undefined while there is one. */
  async burst(): Promise<Made | undefined> {
    if (this.#isBursting) return undefined;
    this.#isBursting = true;
    try {
      return { said: await this.#burst() };
    } finally {
      this.#isBursting = false;
    }
  }

  async #burst(): Promise<string> {
    const startedAt = performance.now();
    let started = 0;
    let counted = 0;
    let reason = '';
    const visitor = async () => {
      while (started++ < burstSize) {
        const answer = await this.#view().catch((error: unknown) => ({
          status: 0,
          body: describeError(error),
        }));
        if (answer.status >= 200 && answer.status < 400) counted++;
        else reason = reasonOf(answer.body);
      }
    };
    await Promise.all(Array.from({ length: visitors }, visitor));
    const whole = `${burstSize} page views in ${formatFigure(performance.now() - startedAt, 'ms')}`;
    return counted === burstSize
      ? `${whole}, all counted.`
      : `${whole}: ${counted} counted, ${burstSize - counted} not: ${reason}.`;
  }

  #view(): Promise<Answer> {
    return this.#ask('POST', `/api/views/${anyPage()}`);
  }

  #ask(method: string, path: string, body?: string): Promise<Answer> {
    const signal = AbortSignal.timeout(askWithinMs);
    return ask(`${this.#app}${path}`, { signal, method, ...(body !== undefined && { body }) });
  }
}

function anyPage(): string {
  return pages[Math.floor(Math.random() * pages.length)] ?? 'home';
}

/** The detail of a problem (RFC 9457), or what there is. */
function reasonOf(body: string): string {
  return textAt(parseJson(body), 'detail') ?? (body.slice(0, 200) || 'no reason given');
}
