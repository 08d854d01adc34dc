import type { Attempt } from '../../probe/attempt.ts';
import { connectToPath } from '../../probe/net/connect.ts';
import type { Outcome } from '../../probe/outcome.ts';

/** Ready when the socket connects; the connection is closed at once. */
export async function probeUnix({ path }: { readonly path: string }, attempt: Attempt): Promise<Outcome> {
  const connected = await connectToPath(path, attempt);
  if (!connected.ok) return connected;
  using _ = connected;
  return { ok: true, detail: `connected to ${connected.address}` };
}
