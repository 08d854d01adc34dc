/** The caller's trace, passed on unchanged: web makes no spans of its own (W3C Trace Context §4.3, "forward"). */
export interface TraceContext {
  readonly traceparent: string;
  /** 32 hexadecimal digits, for the log. */
  readonly traceId: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Reads `traceparent`; undefined if it is missing or malformed, as the standard demands. */
export function traceContextOf({ traceparent }: Headers): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId, parentId, extra] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(traceparent) ?? [];
  if (traceId === undefined || parentId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentId)) {
    return undefined;
  }
  // a later version may append fields, 00 has none
  if (version === 'ff' || (version === '00' && extra !== undefined)) return undefined;
  return { traceparent, traceId };
}
