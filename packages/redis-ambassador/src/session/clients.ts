import type { Client } from './client.ts';

/** The connected clients. */
export class Clients implements Iterable<Client> {
  readonly #byId = new Map<number, Client>();
  #lastId = 0;
  #onEmpty: () => void = () => {};

  get count(): number {
    return this.#byId.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(client: Client): void {
    this.#byId.set(client.state.id, client);
  }

  remove(client: Client): void {
    this.#byId.delete(client.state.id);
    if (this.#byId.size === 0) this.#onEmpty();
  }

  /** Resolves when no client is connected. */
  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#byId.size === 0) resolve();
    });
  }

  get(id: number): Client | undefined {
    return this.#byId.get(id);
  }

  [Symbol.iterator](): Iterator<Client> {
    return this.#byId.values();
  }
}
