import { quote } from '@pod-patterns/kit';
import type { Identity } from '../../record/record-writer.ts';
import type { Labels } from '../kind.ts';

/** RFC 5424 §6.3.3: longest name of a parameter. */
const longestName = 32;

/** The shipper's own parameters. If a label has the same name, the shipper's gets underscores before it. */
const own = ['file', 'offset', 'part', 'last', 'namespace', 'pod', 'node', 'uid'] as const;
type OwnName = (typeof own)[number];

/** `[id team="payments" … file="…"`, without its end, and the names of the own parameters beside these labels. */
export function structuredData(
  { labels, pod }: Identity,
  { id, file }: { readonly id: string; readonly file: string },
): { readonly start: string; readonly names: Readonly<Record<OwnName, string>> } {
  const names = Object.fromEntries(own.map((name) => [name, freeName(name, labels)])) as Record<
    OwnName,
    string
  >; // of each own name
  const values = { namespace: pod['namespace'], pod: pod['name'], node: pod['node'], uid: pod['uid'], file };
  const params = [
    ...Object.entries(labels),
    // the keys are own names
    ...Object.entries(values).map(([name, value]) => [names[name as OwnName], value] as const),
  ];
  const given = params.flatMap(([name, value]) => (value === undefined ? [] : [parameter(name, value)]));
  return { start: `[${id}${given.join('')}`, names };
}

/** Names that do not fit in a message. */
export function findLabelFaults(labels: Labels): string[] {
  return labels.flatMap(([name, value]) =>
    name.length <= longestName
      ? []
      : [
          `--label ${quote(`${name}=${value}`)}: expected a name of at most ${longestName} characters for syslog`,
        ],
  );
}

function parameter(name: string, value: string): string {
  return ` ${name}="${value.replaceAll(/["\\\]]/g, '\\$&')}"`;
}

function freeName(name: string, labels: Identity['labels']): string {
  let free = name;
  while (Object.hasOwn(labels, free)) free = `_${free}`;
  return free;
}
