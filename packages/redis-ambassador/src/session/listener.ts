import { createServer, type Server, type Socket } from 'node:net';
import {
  describeError,
  FaultLog,
  formatHostPort,
  type HostPort,
  type Logger,
  listen,
} from '@pod-patterns/kit';
import { error } from '../resp/encode.ts';
import { acceptSocket } from './accept.ts';
import type { SessionServices } from './services.ts';
import { Session } from './session.ts';

const tooMany = error('ERR max number of clients reached');

/** Accepts clients and starts a session for each. */
export class Listener implements AsyncDisposable {
  readonly #server: Server;
  readonly #services: SessionServices;
  readonly #cut: AbortSignal;

  private constructor(services: SessionServices, log: Logger, cut: AbortSignal) {
    this.#services = services;
    this.#cut = cut;
    const options = {
      pauseOnConnect: true,
      noDelay: true,
      keepAlive: true,
      allowHalfOpen: true,
      highWaterMark: 1,
    };
    const faults = new FaultLog(log, 'listener');
    this.#server = createServer(options, (socket) => {
      faults.recovered();
      this.#accept(socket);
    });
    // no descriptors left: connected clients go on
    this.#server.on('error', (cause) => faults.failed(describeError(cause)));
  }

  /** @throws CodedError `listen-failed` */
  static async open(
    address: HostPort,
    services: SessionServices,
    { log, cut }: { readonly log: Logger; readonly cut: AbortSignal },
  ): Promise<Listener> {
    const listener = new Listener(services, log, cut);
    // kit's type names the server of node:http, but uses only what every server has
    await listen(listener.#server as unknown as Parameters<typeof listen>[0], address);
    return listener;
  }

  /** Actual address as `HOST:PORT`. */
  get address(): string {
    const address = this.#server.address();
    return address !== null && typeof address === 'object'
      ? formatHostPort({ host: address.address, port: address.port })
      : String(address);
  }

  #accept(accepted: Socket): void {
    const { clients, limits, figures, access, nodes, rejections, now } = this.#services;
    const address = formatHostPort({ host: accepted.remoteAddress, port: accepted.remotePort ?? 0 });
    if (clients.count >= limits.maxClients) {
      rejections.note('max-clients', address);
      refuse(accepted);
      return;
    }
    figures.clientsAccepted++;
    const at = now();
    const state = {
      id: clients.nextId(),
      address,
      localAddress: formatHostPort({ host: accepted.localAddress, port: accepted.localPort ?? 0 }),
      connectedAt: at,
      name: '',
      protocol: 2 as const,
      db: nodes.topology.db,
      user: 'default',
      isLoggedIn: access.isOpen,
      library: '',
      libraryVersion: '',
      isMultiOpen: false,
      hasReplies: true,
      skips: 0,
      lastActiveAt: at,
      lastCommand: undefined,
    };
    let session: Session | undefined;
    const gate = acceptSocket(accepted, (bytes, length) => session?.receive(bytes, length));
    session = new Session(gate, state, this.#services);
    clients.add(session);
  }

  /** Stops accepting, answers all pending requests, and closes the connections; cuts off clients that remain. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const { clients } = this.#services;
    for (const client of [...clients]) client.finish();
    const cutAll = () => {
      for (const client of [...clients]) client.cut('stopped');
    };
    if (this.#cut.aborted) cutAll();
    this.#cut.addEventListener('abort', cutAll);
    await Promise.all([closed, clients.empty()]);
    this.#cut.removeEventListener('abort', cutAll);
  }
}

/** Sends the reason, and reads the client's input: otherwise the kernel would discard the answer. */
function refuse(accepted: Socket): void {
  const destroy = () => accepted.destroy();
  accepted.on('error', destroy).on('end', destroy).resume().end(tooMany);
  setTimeout(destroy, 1000).unref();
}
