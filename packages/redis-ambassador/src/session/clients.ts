import type { Session } from './session.ts';

/** The clients that are connected. */
export class Clients implements Iterable<Session> {
  readonly #byId = new Map<number, Session>();
  #lastId = 0;
  #onEmpty: () => void = () => {};

  get count(): number {
    return this.#byId.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(session: Session): void {
    this.#byId.set(session.state.id, session);
  }

  remove(session: Session): void {
    this.#byId.delete(session.state.id);
    if (this.#byId.size === 0) this.#onEmpty();
  }

  /** Resolves when no client is connected. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#byId.size === 0) resolve();
    });
  }

  get(id: number): Session | undefined {
    return this.#byId.get(id);
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#byId.values();
  }
}
