import type { Attempt } from '../../probe/attempt.ts';
import { connectTo } from '../../probe/net/connect.ts';
import type { Place } from '../../probe/net/place.ts';
import { secure } from '../../probe/net/secure.ts';
import { failure, type Outcome } from '../../probe/outcome.ts';

/** A port where TLS must verify. */
export interface TlsSpec extends Place {
  /** Name to request and to verify, if it differs from the host. */
  readonly sni: string | undefined;
  /** Files in PEM. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** How long the certificate must still be valid. */
  readonly minDays: number | undefined;
}

const dayMs = 86_400_000;

/** Ready when the handshake verifies and the certificate is valid for long enough. */
export async function probeTls(spec: TlsSpec, attempt: Attempt): Promise<Outcome> {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const secured = await secure(connected, spec, attempt);
  if (!secured.ok) return secured;
  using _ = secured;
  const { address, certificate } = secured;
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs);
  if (spec.minDays !== undefined && days < spec.minDays) {
    return failure(
      'tls-expired',
      `${address}: its certificate expires in ${days} days (minDays is ${spec.minDays})`,
    );
  }
  return { ok: true, detail: `${address} has a certificate valid for ${days} days` };
}
