import type { Identity } from '../../record/record-writer.ts';

/** A label's name as Loki takes it: `app.kubernetes.io/name` is `app_kubernetes_io_name` there. */
export function lokiLabelName(name: string): string {
  return name.replaceAll(/\W/g, '_');
}

/**
 * The labels of a file's stream, few and bounded: those that were asked for, the file, and which pod of which
 * namespace writes it. Loki drops an entry that has time and line in common with another one of its stream,
 * so no stream may have two writers. Names of ours give way as they do in a record, by an underscore.
 */
export function streamLabels({ labels, pod }: Identity, file: string): Record<string, string> {
  const given = new Map(Object.entries(labels).map(([name, value]) => [lokiLabelName(name), value]));
  const own = { namespace: pod['namespace'], pod: pod['name'], file };
  for (const [name, value] of Object.entries(own)) {
    let free = name;
    while (given.has(free)) free = `_${free}`;
    if (value !== undefined) given.set(free, value);
  }
  return Object.fromEntries(given);
}

/** Metadata of each entry, with too many values for labels. */
export function fixedMetadata({ pod }: Identity): Record<string, string> {
  const found = { node: pod['node'], pod_uid: pod['uid'] };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
