import { formatFigure } from './format-figure.ts';
import { stateWord } from './state-word.ts';

/*
 * The script of the page. It is written as a function, type-checked and linted like all else, and served as that
 * function's own text: so it may use nothing from outside itself but what it is given.
 */

/** What of the browser is used here; its whole library would be there for every file of the project. */
interface PageElement {
  textContent: string | null;
  hidden: boolean;
  readonly dataset: Record<string, string | undefined>;
  querySelector(selector: string): PageElement | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: () => void): void;
  getAnimations(): Array<{ updatePlaybackRate(rate: number): void }>;
}

interface Stream {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data: string }) => void): void;
  close(): void;
}

declare const document: {
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
};
declare const EventSource: new (url: string) => Stream;

interface SeenContainer {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly summary: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

interface Tools {
  readonly formatFigure: typeof formatFigure;
  readonly stateWord: typeof stateWord;
}

/** Runs in the browser. */
function page({ formatFigure: format, stateWord: word }: Tools): void {
  const trendLength = 60;
  const trends = new Map<string, number[]>();
  const states = new Map<string, string>();
  let containers = new Map<string, SeenContainer>();

  function setText(element: PageElement | null, text: string): void {
    if (element !== null && element.textContent !== text) element.textContent = text;
  }

  function show(pod: { readonly containers: readonly SeenContainer[] }): void {
    containers = new Map(pod.containers.map((container) => [container.name, container]));
    for (const card of document.querySelectorAll('[data-container]')) showCard(card);
    for (const element of document.querySelectorAll('[data-figure]')) {
      const [of = '', figure = '', unit = ''] = element.dataset['figure']?.split(' ') ?? [];
      setText(element, format(containers.get(of)?.figures[figure], unit));
    }
    for (const wire of document.querySelectorAll('[data-pace]')) showPace(wire);
    pulse('live', 'live');
  }

  function showCard(card: PageElement): void {
    const container = containers.get(card.dataset['container'] ?? '');
    if (container === undefined) return;
    card.dataset['state'] = container.state;
    setText(card.querySelector('[data-text="state"]'), word(container.role, container.state));
    setText(card.querySelector('[data-text="summary"]'), container.summary);
    announce(container);
    const trend = card.querySelector('[data-trend]');
    if (trend !== null) showTrend(trend, container);
  }

  /** Only changes are worth an interruption. */
  function announce({ name, state, summary }: SeenContainer): void {
    const before = states.get(name);
    states.set(name, state);
    if (before === undefined || before === state) return;
    setText(document.querySelector('[data-announce]'), `${name} is ${state}: ${summary}`);
  }

  function showTrend(trend: PageElement, { name, figures }: SeenContainer): void {
    const rate = figures[trend.dataset['trend'] ?? ''];
    if (typeof rate !== 'number') return;
    const values = [...(trends.get(name) ?? []), rate].slice(-trendLength);
    trends.set(name, values);
    const top = Math.max(1, ...values);
    const left = trendLength - values.length + 1;
    // by the root, so that a burst does not flatten all else
    const height = (value: number) => Math.round(18 * Math.sqrt(value / top) * 10) / 10;
    const points = values.map((value, index) => `${left + index} ${20 - height(value)}`);
    const line = values.length > 1 ? `M${points.join('L')}` : '';
    trend.querySelector('.line')?.setAttribute('d', line);
    trend.querySelector('.area')?.setAttribute('d', line && `${line}V20H${left}Z`);
  }

  /** Beads run faster with the rate, ten times the rate being about twice as fast. */
  function showPace(wire: PageElement): void {
    const [of = '', figure = ''] = wire.dataset['pace']?.split(' ') ?? [];
    const rate = Number(containers.get(of)?.figures[figure] ?? 0);
    wire.dataset['flow'] = rate > 0 ? 'on' : 'off';
    const speed = Math.min(5, 0.5 + Math.log10(1 + rate));
    for (const animation of wire.querySelector('.beads')?.getAnimations() ?? [])
      animation.updatePlaybackRate(speed);
  }

  function pulse(state: string, text: string): void {
    const element = document.querySelector('[data-pulse]');
    if (element !== null) element.dataset['pulse'] = state;
    setText(document.querySelector('[data-pulse-text]'), text);
  }

  function listen(): void {
    const stream = new EventSource('/events');
    stream.addEventListener('pod', ({ data }) => show(JSON.parse(data)));
    stream.addEventListener('error', () => {
      pulse('lost', 'connecting again');
      // closed for good, as by a 503: the browser does not come back by itself
      if (stream.readyState === 2) setTimeout(listen, 5000);
    });
  }

  // --- the buttons ---

  const pages = ['home', 'about', 'pricing', 'docs'];

  function outcome(text: string): void {
    setText(document.querySelector('[data-outcome]'), text);
  }

  function anyPage(): string {
    return pages[Math.floor(Math.random() * pages.length)] ?? 'home';
  }

  async function view(): Promise<boolean> {
    try {
      const answer = await fetch(`/api/views/${anyPage()}`, { method: 'POST' });
      await answer.text();
      return answer.ok;
    } catch {
      return false;
    }
  }

  async function burst(): Promise<void> {
    const total = 500;
    const startedAt = performance.now();
    let started = 0;
    let counted = 0;
    const visitor = async () => {
      while (started < total) {
        started++;
        if (await view()) counted++;
      }
    };
    outcome(`${total} page views on their way …`);
    await Promise.all([visitor(), visitor(), visitor(), visitor()]);
    const seconds = format(performance.now() - startedAt, 'ms');
    outcome(
      counted === total
        ? `${total} page views in ${seconds}, all counted.`
        : `${total} page views in ${seconds}: ${counted} counted, ${total - counted} only logged, as Redis is away.`,
    );
  }

  async function error(): Promise<void> {
    try {
      const answer = await fetch('/api/errors', { method: 'POST' });
      const { requestId }: { requestId?: string } = JSON.parse(await answer.text());
      outcome(`Request ${requestId} failed: its stack trace is in error.log, and on its way to the backend.`);
    } catch {
      outcome('No answer.');
    }
  }

  let traffic: ReturnType<typeof setInterval> | undefined;

  function toggleTraffic(button: PageElement): void {
    const isOn = traffic !== undefined;
    button.setAttribute('aria-pressed', String(!isOn));
    clearInterval(traffic);
    traffic = isOn ? undefined : setInterval(oneOfMany, 60);
    outcome(
      isOn
        ? 'The traffic has stopped.'
        : 'About 16 requests a second: page views, and a cache that is written and read.',
    );
  }

  function oneOfMany(): void {
    const key = `/api/cache/${anyPage()}`;
    const dice = Math.random();
    if (dice < 0.6) void view();
    else if (dice < 0.8) void fetch(key, { method: 'PUT', body: new Date().toISOString() }).catch(() => {});
    else void fetch(key).catch(() => {});
  }

  /** A button that is busy stays where the focus is, so it is not disabled. */
  function onPress(name: string, act: (button: PageElement) => Promise<void> | void): void {
    const button = document.querySelector(`[data-action="${name}"]`);
    button?.addEventListener('click', async () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      await act(button);
      button.setAttribute('aria-disabled', 'false');
    });
  }

  onPress('traffic', toggleTraffic);
  onPress('burst', burst);
  onPress('error', error);
  const actions = document.querySelector('[data-actions]');
  if (actions !== null) actions.hidden = false;
  listen();
}

/** What is served as `/page.js`. */
export const script = `'use strict';\n(${page})({ formatFigure: ${formatFigure}, stateWord: ${stateWord} });\n`;
