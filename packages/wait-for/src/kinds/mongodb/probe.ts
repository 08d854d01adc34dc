import type { Attempt } from '../../probe/attempt.ts';
import { recordsOf } from '../../probe/names/resolve.ts';
import type { Place } from '../../probe/net/place.ts';
import type { Failure, Outcome } from '../../probe/outcome.ts';
import { staggered } from '../../probe/staggered.ts';
import { mostTelling } from '../../probe/system-failure.ts';
import { type Security, sayHello } from './hello.ts';

/** One server or several, named by the URL or by DNS. */
interface MongodbSpec extends Security {
  readonly hosts: readonly Place[];
  readonly service: string | undefined;
}

/** Time before the next member is asked too. */
const nextMemberMs = 250;

/** Ready when one of the members can be read from. */
export async function probeMongodb(spec: MongodbSpec, attempt: Attempt): Promise<Outcome> {
  const members = spec.service === undefined ? spec.hosts : await findMembers(spec.service, attempt);
  if ('ok' in members) return members;
  const result = await staggered(
    members,
    (member, lost) => sayHello(member, spec, attempt.until(lost)),
    nextMemberMs,
  );
  return 'ok' in result ? result : mostTelling(result);
}

async function findMembers(service: string, attempt: Attempt): Promise<readonly Place[] | Failure> {
  const records = await recordsOf(service, ['SRV'], attempt);
  if ('ok' in records) return records;
  return records.map((record) => {
    const colon = record.lastIndexOf(':');
    return { host: record.slice(0, colon), port: Number(record.slice(colon + 1)) };
  });
}
