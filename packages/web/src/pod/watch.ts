import { setTimeout as delay } from 'node:timers/promises';
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

/** Looks at the containers of the pod: when somebody asks, and once a second while somebody listens. */
export class PodWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #now: () => number;
  readonly #clock: () => Date;
  readonly #samples = new Map<string, Sample | undefined>();
  readonly #states = new Map<string, Pick<Container, 'state' | 'since'>>();
  readonly #listeners = new Set<Listener>();
  readonly #stopped = new AbortController();
  #latest: PodState | undefined;
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
    const fresh = this.#fresh();
    if (fresh !== undefined) return Promise.resolve(fresh);
    this.#looking ??= this.#look(trace).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** As `current`, but after `withinMs` whatever was seen last, which may be nothing. */
  soon(withinMs: number): Promise<PodState | undefined> {
    const fresh = this.#fresh();
    if (fresh !== undefined) return Promise.resolve(fresh);
    return Promise.race([this.current(), delay(withinMs, this.#latest, { ref: false })]);
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

  #fresh(): PodState | undefined {
    return this.#now() - this.#lookedAt < freshMs ? this.#latest : undefined;
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
    const lookAtHelper = async (helper: Helper) => {
      const before = this.#samples.get(helper.name);
      const { finding, sample } = await lookAt(helper, { before, now: this.#now, signal, headers });
      this.#samples.set(helper.name, sample);
      return this.#container(helper, finding);
    };
    const others = await Promise.all([
      waitFor().then((finding) => this.#container({ name: 'wait-for', role: 'init' }, finding)),
      ...helpers.map(lookAtHelper),
    ]);
    this.#latest = { containers: [...others, this.#container({ name: 'web', role: 'application' }, self())] };
    this.#lookedAt = this.#now();
    return this.#latest;
  }

  #container({ name, role }: Named, { state, summary, figures }: Finding): Container {
    const before = this.#states.get(name);
    const since = before?.state === state ? before.since : this.#clock().toISOString();
    this.#states.set(name, { state, since });
    return { name, role, state, since, summary, figures };
  }
}

function headersOf({ traceparent, tracestate }: TraceContext): Record<string, string> {
  return { traceparent, ...(tracestate === undefined ? {} : { tracestate }) };
}
