import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PodManifest } from './manifests.ts';

/** Address of every pod. */
export const podIP = '10.0.0.1';

/** The part of an API server that Prometheus uses to find pods: the running pods of a label selector. */
export class FakeApi implements AsyncDisposable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(pods: readonly PodManifest[]): Promise<FakeApi> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://api');
      response.setHeader('content-type', 'application/json');
      // the pods never change
      if (searchParams.has('watch')) return response.flushHeaders();
      const namespace = /^\/api\/v1\/namespaces\/([^/]+)\/pods$/.exec(pathname)?.[1];
      const selected = pods.filter(
        (pod) => pod.namespace === namespace && isSelected(pod, searchParams.get('labelSelector') ?? ''),
      );
      const list = { apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '1' } };
      response.end(JSON.stringify({ ...list, items: selected.map(podOf) }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeApi(server);
  }

  get url(): string {
    // the address of a TCP server is never a path
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const isSelected = ({ labels }: PodManifest, selector: string) =>
  selector
    .split(',')
    .map((term) => term.split('='))
    .every(([key = '', text]) => labels[key] === text);

const podOf = ({ name, namespace, labels, spec }: PodManifest) => ({
  metadata: { name, namespace, labels, uid: name, resourceVersion: '1' },
  spec,
  status: { phase: 'Running', podIP },
});
