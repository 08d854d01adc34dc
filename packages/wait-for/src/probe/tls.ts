import type { TlsSpec } from '../target/kinds/tls.ts';
import type { Probe } from './attempt.ts';
import { connectTo } from './connect.ts';
import { failure } from './outcome.ts';
import { secure } from './secure.ts';

const dayMs = 86_400_000;

/** Ready when the handshake verifies and the certificate is valid for long enough. */
export const probeTls: Probe<TlsSpec> = async (spec, attempt) => {
  const connected = await connectTo(spec, attempt);
  if (!connected.ok) return connected;
  const secured = await secure(connected, spec, attempt);
  if (!secured.ok) return secured;
  using _ = secured;
  const { address, certificate } = secured;
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / dayMs);
  if (spec.minDays !== undefined && days < spec.minDays) {
    return failure('tls-expired', `${address}: its certificate ends in ${days} of ${spec.minDays} days`);
  }
  return { ok: true, detail: `${address} has a certificate for ${days} days` };
};
