import type { TcpSpec, UnixSpec } from '../target/kinds/tcp.ts';
import type { Probe } from './attempt.ts';
import { type Connected, connectTo, connectToPath } from './connect.ts';
import type { Failure, Outcome } from './outcome.ts';

/** Ready when it connects; the connection is closed at once. */
export const probeTcp: Probe<TcpSpec> = async (spec, attempt) =>
  connectedOnly(await connectTo(spec, attempt));

/** Ready when the socket connects. */
export const probeUnix: Probe<UnixSpec> = async ({ path }, attempt) =>
  connectedOnly(await connectToPath(path, attempt));

function connectedOnly(connected: Connected | Failure): Outcome {
  if (!connected.ok) return connected;
  connected.socket.destroy();
  return { ok: true, detail: `connected to ${connected.address}` };
}
