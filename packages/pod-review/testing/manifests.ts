/** Parts of a manifest as plain data, which JSON writes and YAML reads. */
export type Data = Readonly<Record<string, unknown>>;

export interface Around {
  readonly name?: string;
  readonly kind?: string;
  readonly replicas?: number;
  readonly namespace?: string;
  /** Of the pod template. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

const apiVersions: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
};

/** A Deployment (or another kind) around a pod spec: nothing but what the API server asks for. */
export function workload(spec: Data, around: Around = {}): Data {
  const {
    name = 'app',
    kind = 'Deployment',
    replicas,
    namespace,
    annotations,
    labels = { app: name },
  } = around;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const base = { apiVersion: apiVersions[kind] ?? 'apps/v1', kind, metadata };
  if (kind === 'Pod') return { ...base, metadata: { ...metadata, labels, annotations }, spec };
  const template = { metadata: { labels, annotations }, spec };
  if (kind === 'Job') return { ...base, spec: { template } };
  if (kind === 'CronJob')
    return { ...base, spec: { schedule: '0 4 * * *', jobTemplate: { spec: { template } } } };
  return { ...base, spec: { replicas, selector: { matchLabels: labels }, template } };
}

/** A container with an image, so that the API server would take it. */
export function container(name: string, image: string, more: Data = {}): Data {
  return { name, image, ...more };
}

/** A native sidecar. */
export function sidecar(name: string, image: string, more: Data = {}): Data {
  return { name, image, restartPolicy: 'Always', ...more };
}

export const web = container('web', 'example.com/shop/web:1.4', {
  ports: [{ containerPort: 8080, name: 'http' }],
});

/** A probe over HTTP. */
export function httpGet(port: number | string, path = '/'): Data {
  return { httpGet: { port, path } };
}

/** Objects as one file of several documents. */
export function documents(objects: readonly Data[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}
