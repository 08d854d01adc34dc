import { RedisServer } from '@pod-patterns/kit/testing/redis';
import { Ambassador } from './ambassador.ts';

/** A bare Redis, and an ambassador in front of an identical one. */
export class Twins implements AsyncDisposable {
  readonly bare: RedisServer;
  readonly ambassador: Ambassador;
  readonly #resources: AsyncDisposableStack;

  private constructor(bare: RedisServer, ambassador: Ambassador, resources: AsyncDisposableStack) {
    this.bare = bare;
    this.ambassador = ambassador;
    this.#resources = resources;
  }

  /** @param args of both Redis servers */
  static async start(args: readonly string[]): Promise<Twins> {
    const resources = new AsyncDisposableStack();
    const bare = resources.use(await RedisServer.start(args));
    const behind = resources.use(await RedisServer.start(args));
    const ambassador = resources.use(await Ambassador.start(behind.port));
    return new Twins(bare, ambassador, resources);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** A frame as text, without the id in a reply to HELLO, which differs between connections. */
export function withoutId(frame: Buffer): string {
  return frame.toString('latin1').replace(/(\$2\r\nid\r\n:)\d+/, '$1<id>');
}
