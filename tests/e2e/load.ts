import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { end, type Kubectl } from './kubectl.ts';
import { type Tally, tallyOf } from './tally.ts';

const sender = readFileSync(join(import.meta.dirname, 'sender.mjs'), 'utf8');

export interface LoadOptions {
  readonly url: string;
  readonly method?: string;
  readonly perSecond?: number;
}

/** Clients in their own pod that send requests to a Service continuously, as users inside the cluster do. */
export class Load implements AsyncDisposable {
  readonly #kubectl: Kubectl;
  readonly #following: ChildProcess;
  #output = '';

  private constructor(kubectl: Kubectl) {
    this.#kubectl = kubectl;
    this.#following = kubectl.start('logs', '--follow', 'pod/load');
    this.#following.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  /** Resolves once the first request was answered. The namespace of `kubectl` should have no network policies. */
  static async start(kubectl: Kubectl, options: LoadOptions): Promise<Load> {
    await kubectl.run('delete', 'pod/load', '--ignore-not-found');
    await kubectl.send([podOf(options)], 'apply');
    await kubectl.run('wait', '--for=condition=Ready', 'pod/load', '--timeout=120s');
    const load = new Load(kubectl);
    await eventually(() => load.#output.includes('\n'));
    return load;
  }

  /** Number of answered requests so far. */
  get answered(): number {
    return this.#output.split('\n').length - 1;
  }

  /** Resolves when this many more requests were answered. */
  async more(count: number): Promise<void> {
    const wanted = this.answered + count;
    await eventually(() => this.answered >= wanted, { timeoutMs: 60_000, everyMs: 50 });
  }

  /** Stops the clients when all their requests are answered. */
  async stop(): Promise<Tally> {
    const ended = once(this.#following, 'close', { signal: AbortSignal.timeout(120_000) });
    await this.#kubectl.run('delete', 'pod/load');
    await ended;
    return tallyOf(this.#output);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#following);
    await this.#kubectl.try('delete', 'pod/load', '--ignore-not-found', '--grace-period=0', '--force');
  }
}

function podOf({ url, method = 'GET', perSecond = 60 }: LoadOptions): object {
  const settings = { URL: url, METHOD: method, RATE: String(perSecond) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'load' },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 40,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'load',
          // for its Node.js
          image: 'pod-patterns/web:0.1.0',
          imagePullPolicy: 'IfNotPresent',
          command: [
            '/usr/bin/tini-static',
            '-s',
            '--',
            '/nodejs/bin/node',
            '--input-type=module',
            '-e',
            sender,
          ],
          env: Object.entries(settings).map(([name, value]) => ({ name, value })),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}
