import type { Identity } from '../../record/record-writer.ts';

/** The name of a label in Loki: `app.kubernetes.io/name` becomes `app_kubernetes_io_name`. */
export function lokiLabelName(name: string): string {
  return name.replaceAll(/\W/g, '_');
}

/**
 * The labels of a file's stream, few and bounded: those of `--label`, the file, and the namespace and pod that write it.
 * Loki drops an entry with the same time and line as another of its stream, so no stream may have two writers. If names
 * clash, the shipper's label gets an underscore, as in a record.
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

/** Structured metadata of each entry: these have too many values for labels. */
export function fixedMetadata({ pod }: Identity): Record<string, string> {
  const found = { node: pod['node'], pod_uid: pod['uid'] };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
