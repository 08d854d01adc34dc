import type { Methods } from '../http/resource.ts';
import { sendJson } from '../http/send-json.ts';

/** The process and its place; `pod` comes from the downward API. */
export interface Info {
  readonly name: string;
  readonly version: string;
  /** Node's version. */
  readonly node: string;
  readonly startedAt: string;
  readonly pod: {
    readonly name: string;
    readonly namespace: string;
    readonly node: string;
    readonly ip: string;
  };
}

export function infoOf(
  { name, version }: { readonly name: string; readonly version: string },
  env: Readonly<Record<string, string | undefined>>,
  startedAt: Date,
): Info {
  const pod = {
    name: env['POD_NAME'] ?? '',
    namespace: env['POD_NAMESPACE'] ?? '',
    node: env['NODE_NAME'] ?? '',
    ip: env['POD_IP'] ?? '',
  };
  return { name, version, node: process.version, startedAt: startedAt.toISOString(), pod };
}

/** `/api/info`. */
export function infoResource(info: Info): Methods {
  return { get: [(_req, res) => sendJson(res, info)] };
}
