import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@pod-patterns/kit';
import type { TraceContext } from '../http/trace-context.ts';
import type { Container, Finding, PodState } from './container.ts';
import { type Helper, lookAt } from './helper.ts';
import type { Sample } from './rates.ts';

export interface WatchOptions {
  /** In the order of their start. */
  readonly helpers: readonly Helper[];
  readonly waitFor: () => Promise<Finding>;
  readonly self: () => Finding;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  readonly clock?: () => Date;
}

/** A look is good for this long; whoever asks within it gets the same. */
const freshMs = 900;
/** A helper that has not answered by then counts as down, so that `/api/pod` keeps within its second. */
const askWithinMs = 800;
const everyMs = 1000;

type Listener = (pod: PodState) => void;
type Named = Pick<Container, 'name' | 'role'>;

/**
 * Looks at the containers of the pod: when somebody asks, and once a second while somebody listens. A look never rejects,
 * and each container is known as soon as it has answered, whatever the others do.
 */
export class PodWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #now: () => number;
  readonly #clock: () => Date;
  readonly #samples = new Map<string, Sample | undefined>();
  readonly #known = new Map<string, Container>();
  readonly #listeners = new Set<Listener>();
  readonly #stopped = new AbortController();
  /** A new object whenever something is new in it; without the containers that have not answered yet. */
  #latest: PodState = { containers: [] };
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<PodState> | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#clock = options.clock ?? (() => new Date());
  }

  /** The pod, not older than a second; looks once at a time, however many ask. */
  current(trace?: TraceContext): Promise<PodState> {
    if (this.#isFresh) return Promise.resolve(this.#latest);
    this.#looking ??= this.#look(trace).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** As `current`, but after `withinMs` what is known by then: of a container that has not answered yet nothing at all. */
  async soon(withinMs: number): Promise<PodState> {
    if (!this.#isFresh) await Promise.race([this.current(), delay(withinMs, undefined, { ref: false })]);
    return this.#latest;
  }

  /** Tells `listener` the pod as soon as it is known and then every second; returns how to end that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#ticking ??= setInterval(() => void this.#tick(), everyMs);
    void this.current().then((pod) => this.#listeners.has(listener) && listener(pod));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stopTicking();
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopTicking();
    this.#listeners.clear();
    this.#stopped.abort();
    await this.#looking;
  }

  get #isFresh(): boolean {
    return this.#now() - this.#lookedAt < freshMs;
  }

  #stopTicking(): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  async #tick(): Promise<void> {
    const pod = await this.current();
    for (const listener of this.#listeners) listener(pod);
  }

  async #look(trace: TraceContext | undefined): Promise<PodState> {
    const { helpers, waitFor, self } = this.#options;
    const signal = AbortSignal.any([AbortSignal.timeout(askWithinMs), this.#stopped.signal]);
    const headers = trace === undefined ? {} : headersOf(trace);
    const ask = async (helper: Helper) => {
      const before = this.#samples.get(helper.name);
      const { finding, sample } = await lookAt(helper, { before, now: this.#now, signal, headers });
      this.#samples.set(helper.name, sample);
      return finding;
    };
    await Promise.all([
      this.#see({ name: 'wait-for', role: 'init' }, waitFor),
      ...helpers.map((helper) => this.#see(helper, () => ask(helper))),
      this.#see({ name: 'web', role: 'application' }, async () => self()),
    ]);
    this.#lookedAt = this.#now();
    return this.#latest;
  }

  async #see({ name, role }: Named, look: () => Promise<Finding>): Promise<void> {
    const { state, summary, figures } = await look().catch(unseen);
    const before = this.#known.get(name);
    const since = before?.state === state ? before.since : this.#clock().toISOString();
    this.#known.set(name, { name, role, state, since, summary, figures });
    const inOrder = ['wait-for', ...this.#options.helpers.map((helper) => helper.name), 'web'];
    this.#latest = { containers: inOrder.flatMap((each) => this.#known.get(each) ?? []) };
  }
}

/** What a look has found that could not be finished. */
function unseen(error: unknown): Finding {
  return { state: 'down', summary: describeError(error), figures: {} };
}

function headersOf({ traceparent, tracestate }: TraceContext): Record<string, string> {
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}
