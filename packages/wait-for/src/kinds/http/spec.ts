import type { JsonExpectation } from '../../keys/json-pointer.ts';
import type { Header } from '../../probe/net/http-request.ts';

/** First and last status, both included. */
export type StatusRange = readonly [from: number, to: number];

/** A request and the expected response. */
export interface HttpSpec {
  /** Without the login, which is in `headers`. */
  readonly url: string;
  readonly method: string;
  readonly status: readonly StatusRange[];
  readonly headers: readonly Header[];
  /** An empty value requires only the header. */
  readonly expectHeaders: readonly Header[];
  readonly body: RegExp | undefined;
  readonly json: readonly JsonExpectation[];
  readonly redirect: 'follow' | 'no';
  readonly ca: string | undefined;
  readonly isInsecure: boolean;
  readonly maxBodyBytes: number;
}
