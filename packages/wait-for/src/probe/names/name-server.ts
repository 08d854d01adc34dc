import type { Resolver } from 'node:dns/promises';
import { systemCode } from '@pod-patterns/kit';

/** Kinds of records that can be waited for. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** What one full name answered. */
export type NameAnswer =
  | { readonly type: 'records'; readonly records: readonly string[] }
  /** There is no such name, or it has no record of the kind. */
  | { readonly type: 'none'; readonly isNameThere: boolean }
  | { readonly type: 'failed'; readonly code: string };

const isNone: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** A lost packet is sent again; how long all may take is the attempt's business. */
const resolverOptions = { timeout: 700, tries: 4 };

/** An answer that is known already must not wait longer for a look at its neighbours. */
const wildcardCheckMs = 250;

/** DNS servers that are asked for full names. Questions end with the signal. */
export class NameServer implements Disposable {
  readonly #resolver: Resolver;
  readonly #signal: AbortSignal;
  readonly #cancel = () => this.#resolver.cancel();

  private constructor(resolver: Resolver, signal: AbortSignal) {
    this.#resolver = resolver;
    this.#signal = signal;
    signal.addEventListener('abort', this.#cancel, { once: true });
  }

  /** `servers` as node:dns takes them. */
  static async open(servers: readonly string[], signal: AbortSignal): Promise<NameServer> {
    const dns = await import('node:dns/promises');
    const resolver = new dns.Resolver(resolverOptions);
    resolver.setServers(servers);
    return new NameServer(resolver, signal);
  }

  /** All records of these types, sorted; that one type has none or fails does not matter where another has some. */
  async records(name: string, types: readonly RecordType[]): Promise<NameAnswer> {
    const answers = await Promise.all(types.map((type) => this.#ask(name, type)));
    const found = answers.flatMap((answer) => (answer.type === 'records' ? answer.records : []));
    if (found.length > 0) return { type: 'records', records: [...new Set(found)].sort() };
    const failed = answers.find((answer) => answer.type === 'failed');
    if (failed !== undefined) return failed;
    return { type: 'none', isNameThere: answers.some((one) => one.type === 'none' && one.isNameThere) };
  }

  /** Whether a neighbour of the name that nobody can have registered has the same records. */
  async isWildcard(name: string, types: readonly RecordType[], known: readonly string[]): Promise<boolean> {
    const parent = name.includes('.') ? name.slice(name.indexOf('.')) : '';
    const answer = await Promise.race([
      this.records(`wait-for-${crypto.randomUUID().slice(0, 13)}${parent}`, types),
      new Promise<undefined>((resolve) => setTimeout(resolve, wildcardCheckMs, undefined).unref()),
    ]);
    return answer?.type === 'records' && answer.records.some((record) => known.includes(record));
  }

  async #ask(name: string, type: RecordType): Promise<NameAnswer> {
    // a closing dot keeps the resolver from any search of its own
    const full = `${name}.`;
    try {
      if (type === 'A') return { type: 'records', records: await this.#resolver.resolve4(full) };
      if (type === 'AAAA') return { type: 'records', records: await this.#resolver.resolve6(full) };
      const services = await this.#resolver.resolveSrv(full);
      return { type: 'records', records: services.map((service) => `${service.name}:${service.port}`) };
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      return isNone.has(code) ? { type: 'none', isNameThere: code === 'ENODATA' } : { type: 'failed', code };
    }
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#cancel);
    this.#resolver.cancel();
  }
}
