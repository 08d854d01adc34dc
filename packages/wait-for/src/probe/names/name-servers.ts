import type { Resolver } from 'node:dns/promises';
import { systemCode } from '@pod-patterns/kit';
import { staggered } from '../staggered.ts';

/** Kinds of records that can be waited for. */
export type RecordType = 'A' | 'AAAA' | 'SRV';

/** There are records; a service is written as `HOST:PORT`. */
export interface Records {
  readonly ok: true;
  readonly type: 'records';
  readonly records: readonly string[];
}

/** Why there are no records: no such name, none of the kind, or a word that there is no such service (RFC 2782). */
export type Lack = 'name' | 'record' | 'service';

/** A server says that there are no records. */
export interface NoRecords {
  readonly ok: true;
  readonly type: 'none';
  readonly lack: Lack;
}

/** No server has answered; `code` is the error of the first. */
export interface NoAnswer {
  readonly ok: false;
  readonly type: 'failed';
  readonly code: string;
}

/** Answer for one full name. */
export type NameAnswer = Records | NoRecords | NoAnswer;

const isNone: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** A lost packet is sent again; how long all may take is the attempt's business. */
const resolverOptions = { timeout: 700, tries: 4 };

/** Time before the next server is asked too. */
const nextServerMs = 400;

/** How long one type of records waits for the others: a server may answer for A, and never for AAAA. */
const otherTypesMs = 100;

/** DNS servers that are asked for full names. Questions end with the signal. */
export class NameServers implements Disposable {
  readonly #resolvers: readonly Resolver[];
  readonly #signal: AbortSignal;
  readonly #cancel = () => {
    for (const resolver of this.#resolvers) resolver.cancel();
  };

  private constructor(resolvers: readonly Resolver[], signal: AbortSignal) {
    this.#resolvers = resolvers;
    this.#signal = signal;
    signal.addEventListener('abort', this.#cancel, { once: true });
  }

  /** `servers` as node:dns takes them. */
  static async open(servers: readonly string[], signal: AbortSignal): Promise<NameServers> {
    const dns = await import('node:dns/promises');
    const resolvers = servers.map((server) => {
      const resolver = new dns.Resolver(resolverOptions);
      resolver.setServers([server]);
      return resolver;
    });
    return new NameServers(resolvers, signal);
  }

  /**
   * All records of these types; that one has none or fails does not matter where another has some. As soon as there are
   * enough, later answers are awaited only for a moment.
   */
  records(
    name: string,
    types: readonly RecordType[],
    isEnough: (records: readonly string[]) => boolean = () => true,
  ): Promise<NameAnswer> {
    const answers = new Map<RecordType, NameAnswer>();
    const { promise, resolve, reject } = Promise.withResolvers<NameAnswer>();
    let moment: NodeJS.Timeout | undefined;
    for (const type of types) {
      this.#ask(name, type).then((answer) => {
        answers.set(type, answer);
        const all = combine(types, answers);
        if (answers.size === types.length) resolve(all);
        else if (all.type === 'records' ? isEnough(all.records) : isUnknown(answer)) {
          // answers that arrived while the machine stood still count
          moment ??= setTimeout(() => setImmediate(() => resolve(combine(types, answers))), otherTypesMs);
        }
      }, reject);
    }
    return promise.finally(() => clearTimeout(moment));
  }

  /** Asks one server after another until one knows. */
  async #ask(name: string, type: RecordType): Promise<NameAnswer> {
    const cancelled: NoAnswer = { ok: false, type: 'failed', code: 'ECANCELLED' };
    const ask = async (resolver: Resolver) =>
      this.#signal.aborted ? cancelled : askOne(resolver, name, type);
    const answer = await staggered(this.#resolvers, ask, nextServerMs);
    return 'ok' in answer ? answer : (answer[0] ?? cancelled);
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#cancel);
    this.#cancel();
  }
}

async function askOne(resolver: Resolver, name: string, type: RecordType): Promise<NameAnswer> {
  // a closing dot keeps the resolver from any search of its own
  const full = `${name}.`;
  try {
    const records = await resolve(resolver, full, type);
    return records.length > 0 ? recordsOf(records) : { ok: true, type: 'none', lack: 'service' };
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    return isNone.has(code)
      ? { ok: true, type: 'none', lack: code === 'ENODATA' ? 'record' : 'name' }
      : { ok: false, type: 'failed', code };
  }
}

async function resolve(resolver: Resolver, name: string, type: RecordType): Promise<readonly string[]> {
  if (type === 'A') return resolver.resolve4(name);
  if (type === 'AAAA') return resolver.resolve6(name);
  const services = await resolver.resolveSrv(name);
  // the root as a target says that there is no service
  const real = services.filter((service) => service.name !== '' && service.name !== '.');
  return real.map((service) => `${service.name}:${service.port}`);
}

function recordsOf(records: readonly string[]): Records {
  return { ok: true, type: 'records', records };
}

/** Each record once, in the order of the types and of the server, which spreads its clients by it. */
function combine(types: readonly RecordType[], known: ReadonlyMap<RecordType, NameAnswer>): NameAnswer {
  const answers = types.map((type) => known.get(type)).filter((answer) => answer !== undefined);
  const found = answers.flatMap((answer) => (answer.type === 'records' ? answer.records : []));
  if (found.length > 0) return recordsOf([...new Set(found)]);
  const failed = answers.find((answer) => answer.type === 'failed');
  if (failed !== undefined) return failed;
  const lacks = answers.map((answer) => (answer.type === 'none' ? answer.lack : 'name'));
  return { ok: true, type: 'none', lack: leastLack(lacks) };
}

/** Some servers deny a name that has records of another type, so the other types are awaited too. */
function isUnknown(answer: NameAnswer): boolean {
  return answer.type === 'none' && answer.lack === 'name';
}

/** Chooses the most telling answer: a name that exists and has records. */
export function leastLack(lacks: readonly Lack[]): Lack {
  return (['service', 'record'] as const).find((lack) => lacks.includes(lack)) ?? 'name';
}
