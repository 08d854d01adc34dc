import type { ReadGate } from '../upstream/read-gate.ts';
import { Output } from './output.ts';
import type { SessionServices } from './services.ts';

/** Events of a client connection for its session. */
export interface ConnectionEvents {
  /** The client has read all it was sent. */
  readonly drained: () => void;
  /** The client will send no more. */
  readonly ended: () => void;
  readonly closed: () => void;
}

/** Time a connection stays half open, so that the client can read the last replies. */
const lingerMs = 1000;

/** The connection of one client: its output, its read state, and its end. */
export class ClientConnection {
  readonly output: Output;
  isClosing = false;
  readonly #gate: ReadGate;
  readonly #services: SessionServices;

  constructor(gate: ReadGate, services: SessionServices, { drained, ended, closed }: ConnectionEvents) {
    const { socket } = gate;
    this.#gate = gate;
    this.#services = services;
    this.output = new Output(socket, services.figures);
    socket.on('drain', drained);
    socket.on('end', ended);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.isClosing = true;
      this.output.clear();
      closed();
    });
  }

  read(isReading: boolean): void {
    this.#gate.hold(!isReading);
  }

  /** Closes the connection after all output so far. */
  end(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.output.finish();
    const { socket } = this.#gate;
    const destroy = () => socket.destroy();
    // closing with unread input would reset the connection, and discard output the client has not read
    this.read(true);
    socket.end(() => setTimeout(destroy, lingerMs).unref());
    setTimeout(destroy, this.#services.limits.timeoutMs).unref();
  }

  /** Destroys the connection at once. */
  cut(): void {
    this.isClosing = true;
    this.#gate.socket.destroy();
    this.output.clear();
  }
}
