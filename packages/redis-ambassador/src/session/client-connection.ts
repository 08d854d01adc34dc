import type { ReadGate } from '../upstream/read-gate.ts';
import { Output } from './output.ts';
import type { SessionServices } from './services.ts';

/** What a session hears of its connection. */
export interface ConnectionEvents {
  /** The client has read what it was sent. */
  readonly drained: () => void;
  /** The client will send no more. */
  readonly ended: () => void;
  readonly closed: () => void;
}

/** How long a connection stays half open, so that the client gets to read what it was sent last. */
const lingerMs = 1000;

/** The connection of one client: what goes out, whether it is read from, and how it ends. */
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

  /** Lets the client go after what it was given so far. */
  end(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    this.output.finish();
    const { socket } = this.#gate;
    const destroy = () => socket.destroy();
    // to close while there is something unread would take from the client what it has not read yet
    this.read(true);
    socket.end(() => setTimeout(destroy, lingerMs).unref());
    setTimeout(destroy, this.#services.limits.timeoutMs).unref();
  }

  /** Cuts the client off at once. */
  cut(): void {
    this.isClosing = true;
    this.#gate.socket.destroy();
    this.output.clear();
  }
}
