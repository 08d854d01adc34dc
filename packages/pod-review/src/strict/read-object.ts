import { didYouMean } from '@pod-patterns/kit';
import { asRecord } from '../record.ts';
import { decode, quote } from './api/decode.ts';
import type { Fault, Report } from './api/fault.ts';
import { knownKinds, typeOfKind } from './api/fields.ts';
import { type KubernetesVersion, kindGap } from './api/versions.ts';
import { isLive, isServers } from './live.ts';
import type { SourceObject } from './load/objects.ts';
import { validate } from './validate/validate.ts';

/** An object after strict reading. */
export interface KubernetesObject {
  readonly source: SourceObject;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** In the shape of its type whatever was written; the raw value when the kind is not one of Kubernetes. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Whether the kind is one that Kubernetes itself has. */
  readonly isKnown: boolean;
  /** Reasons for the API server to refuse it. */
  readonly faults: readonly Fault[];
}

/** Reads an object as strictly as the API server of that version does. */
export function readObject(source: SourceObject, version: KubernetesVersion): KubernetesObject {
  const faults: Fault[] = [];
  const { apiVersion, kind } = source;
  const wasRead = isLive(source.raw);
  const report: Report = (rule, path, message) => {
    if (!wasRead || !isServers(kind, path)) faults.push({ rule, path, message });
  };
  for (const { key, position } of source.duplicateKeys) {
    faults.push({ rule: 'duplicate-key', path: [], position, message: `the key ${key} appears twice` });
  }

  const type = typeOfKind(apiVersion, kind);
  if (type === undefined) reportUnknownKind(source, report);
  const gap = kindGap(`${apiVersion} ${kind}`, version);
  if (gap !== undefined) report('invalid-value', ['kind'], `no kind ${kind} in ${apiVersion}: it ${gap}`);

  const value = type === undefined ? source.raw : asRecord(decode(source.raw, type, [], { version, report }));
  const metadata = asRecord(value['metadata']);
  const object = {
    source,
    apiVersion,
    kind,
    name: asText(metadata['name']) ?? asText(metadata['generateName']) ?? '',
    namespace: asText(metadata['namespace']),
    value,
    isKnown: type !== undefined,
    faults,
  };
  if (type !== undefined) {
    // a value left out for its type is not also missing
    const unread = new Set(faults.map(({ path }) => path.join('\0')));
    validate(object, version, (rule, path, message) => {
      if (!unread.has(path.join('\0'))) report(rule, path, message);
    });
  }
  return object;
}

/** Groups whose kinds are all known here, so that another kind is a mistake and no custom resource. */
const closed = new Map(
  knownKinds.map((known): [string, string[]] => {
    const apiVersion = known.split(' ', 1)[0] ?? '';
    return [apiVersion, knownKinds.filter((other) => other.startsWith(`${apiVersion} `))];
  }),
);

function reportUnknownKind({ apiVersion, kind }: SourceObject, report: Report): void {
  const siblings = closed.get(apiVersion)?.map((known) => known.split(' ')[1] ?? '');
  if (siblings !== undefined) {
    report('invalid-value', ['kind'], `no kind ${quote(kind)} in ${apiVersion}${didYouMean(kind, siblings)}`);
    return;
  }
  const namesakes = knownKinds
    .filter((known) => known.endsWith(` ${kind}`))
    .map((known) => known.split(' ')[0] ?? '');
  const [group = ''] = apiVersion.split('/');
  // a group without a dot is Kubernetes' own; so a kind of ours in a version that never was
  if (!group.includes('.') && !/v\d+(alpha|beta)\d+$/.test(apiVersion)) {
    report(
      'invalid-value',
      ['apiVersion'],
      `no API ${quote(apiVersion)}${namesakes.length === 0 ? didYouMean(apiVersion, closed.keys()) : ` (${kind} is in ${namesakes.join(', ')})`}`,
    );
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
