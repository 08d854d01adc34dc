import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { end, type Kubectl, type Listed } from './kubectl.ts';
import type { Pod } from './pods.ts';

/** The fields of an access log record that are read here. */
interface Access {
  readonly id?: string;
  readonly page?: string;
}

/** Whether a line is a record; kubectl also shows the shipper's own log, which is on stderr. */
export function isRecord(line: string): boolean {
  return line.startsWith('{') && line.includes('"file":"/var/log/app/');
}

/** Reads all records that the log shippers of web's pods ship to stdout, from each pod's first line to its last. */
export class Shipped implements AsyncDisposable {
  readonly #kubectl: Kubectl;
  /** Lines by pod, container and restart. */
  readonly #outputs = new Map<string, string>();
  readonly #following = new Set<ChildProcess>();
  readonly #stopped = new AbortController();
  readonly #watching: Promise<void>;

  constructor(kubectl: Kubectl) {
    this.#kubectl = kubectl;
    this.#watching = this.#watch();
  }

  /** Number of times that each view of a page was shipped, by request id. */
  viewsOf(page: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const record of this.#records()) {
      if (record.page !== page || record.id === undefined) continue;
      counts.set(record.id, (counts.get(record.id) ?? 0) + 1);
    }
    return counts;
  }

  /** All output of a pod's shippers, including their own log. */
  of(pod: string): string {
    return [...this.#outputs].flatMap(([key, text]) => (key.startsWith(`${pod} `) ? text : [])).join('');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
    for (const process of this.#following) await end(process);
  }

  async #watch(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      for (const { metadata, status } of await this.#pods()) {
        const shipper = status.initContainerStatuses?.find(({ name }) => name === 'log-shipper');
        if (shipper?.state.running === undefined) continue;
        const key = `${metadata.name} ${shipper.restartCount}`;
        if (!this.#outputs.has(key)) this.#follow(key, metadata.name);
      }
      await delay(1000);
    }
  }

  /** Empty if kubectl failed: it is retried after a second. */
  async #pods(): Promise<readonly Pod[]> {
    const asked = this.#kubectl.get<Listed<Pod>>('pods', '-l', 'app.kubernetes.io/name=web');
    return asked.then(({ items }) => items).catch(() => []);
  }

  #follow(key: string, pod: string): void {
    this.#outputs.set(key, '');
    const process = this.#kubectl.start('logs', '--follow', pod, '--container=log-shipper');
    this.#following.add(process);
    process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#outputs.set(key, this.#outputs.get(key) + text);
    });
    void once(process, 'close').then(() => this.#following.delete(process));
  }

  *#records(): Generator<Access> {
    for (const output of this.#outputs.values()) {
      for (const line of output.split('\n')) if (isRecord(line)) yield JSON.parse(line);
    }
  }
}
