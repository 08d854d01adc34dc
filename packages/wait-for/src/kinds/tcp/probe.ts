import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import type { Destination } from '../../probe/net/place.ts';
import type { Outcome } from '../../probe/outcome.ts';

/** Ready when it connects; the connection is closed at once. */
export async function probeTcp(destination: Destination, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(destination, attempt);
  if (!connected.ok) return connected;
  using _ = connected;
  return { ok: true, detail: `connected to ${connected.address}` };
}
