import { type Lack, leastLack, type NameServers, type RecordType } from './name-servers.ts';

/** Result for a name under one of its full names, or that it does not exist. */
export type Found =
  | { readonly type: 'records'; readonly name: string; readonly records: readonly string[] }
  | { readonly type: 'none'; readonly lack: Lack }
  /** `why` as in `ESERVFAIL for redis.shop.svc`. */
  | { readonly type: 'failed'; readonly why: string };

/** Asks for full names in turn until one has records. */
export async function search(
  servers: NameServers,
  names: readonly string[],
  wanted: {
    readonly types: readonly RecordType[];
    readonly isEnough?: (records: readonly string[]) => boolean;
  },
): Promise<Found> {
  const failures: string[] = [];
  const lacks: Lack[] = [];
  for (const name of names) {
    const answer = await servers.records(name, wanted.types, wanted.isEnough);
    if (answer.type === 'records') return { type: 'records', name, records: answer.records };
    if (answer.type === 'failed') failures.push(`${answer.code} for ${name}`);
    else lacks.push(answer.lack);
  }
  const [first] = failures;
  return first === undefined ? { type: 'none', lack: leastLack(lacks) } : { type: 'failed', why: first };
}
