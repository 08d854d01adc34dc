import { describeError } from '@pod-patterns/kit';
import type { Container, PodState, Target } from './container.ts';
import { lookAt } from './look.ts';
import { type Seen, seen, silent, unseen } from './seen.ts';

export interface WatchOptions {
  /** In the order in which they are shown. */
  readonly targets: readonly Target[];
  /** The init container, if it wrote a report. */
  readonly init: () => Promise<Container | undefined>;
}

/** A look is reused for this long. */
const freshMs = 900;
/** Deadline of all requests to one container. */
const askWithinMs = 500;
const everyMs = 1000;

type Listener = (pod: PodState) => void;

/**
 * Looks at the containers of the pod: when somebody asks, and once a second while somebody listens. A look never
 * rejects and takes half a second at most, whatever a container does.
 */
export class PodWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #seen = new Map<Target, Seen>();
  readonly #listeners = new Set<Listener>();
  readonly #stopped = new AbortController();
  #latest: PodState = { containers: [], flows: [], backends: [] };
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<PodState> | undefined;
  #ticking: NodeJS.Timeout | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** The pod, at most one second old; concurrent callers share one look. */
  current(): Promise<PodState> {
    const isFresh = performance.now() - this.#lookedAt < freshMs;
    if (this.#looking === undefined && isFresh) return Promise.resolve(this.#latest);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Calls `listener` with the pod now and then every second; the returned function ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#ticking ??= setInterval(() => void this.#tick(), everyMs);
    void this.current().then((pod) => this.#listeners.has(listener) && listener(pod));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticking);
    this.#listeners.clear();
    this.#stopped.abort();
    await this.#looking;
  }

  async #tick(): Promise<void> {
    const pod = await this.current();
    for (const listener of this.#listeners) listener(pod);
  }

  async #look(): Promise<PodState> {
    const { targets, init } = this.#options;
    const signal = AbortSignal.any([AbortSignal.timeout(askWithinMs), this.#stopped.signal]);
    this.#lookedAt = performance.now();
    const [first] = await Promise.all([init(), ...targets.map((target) => this.#lookAt(target, signal))]);
    this.#latest = this.#assemble(first);
    return this.#latest;
  }

  async #lookAt(target: Target, signal: AbortSignal): Promise<void> {
    const before = this.#seen.get(target);
    const moment = () => ({ at: performance.now(), time: new Date().toISOString() });
    // on a usual port that no option names, another program may listen, or none
    const isShown = target.isNamed || before !== undefined;
    try {
      const look = await lookAt(target, signal);
      if (isShown || look.isOurs) this.#seen.set(target, seen(before, look, moment()));
    } catch (error) {
      if (isShown) this.#seen.set(target, silent(before ?? unseen(target), describeError(error), moment()));
    }
  }

  #assemble(init: Container | undefined): PodState {
    const all = this.#options.targets.flatMap((target) => this.#seen.get(target) ?? []);
    const containers = all.map(({ container }) => container);
    const app = containers.find(({ role }) => role === 'application')?.name ?? 'application';
    return {
      containers: init === undefined ? containers : [init, ...containers],
      flows: all.flatMap(({ container: { name }, taken, passed, backend }) => [
        ...(taken ? [{ from: app, to: name, ...taken }] : []),
        ...(passed && backend ? [{ from: name, to: backend.name, ...passed }] : []),
      ]),
      backends: all.flatMap(({ container: { name }, backend }) =>
        backend ? [{ ...backend, of: name }] : [],
      ),
    };
  }
}
