import { describe, expect, it } from 'vitest';
import { traceContextOf } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('traceContextOf', () => {
  it('reads a trace and keeps it unchanged', () => {
    const traceparent = `00-${traceId}-${spanId}-01`;
    expect(traceContextOf({ traceparent })).toEqual({ traceparent, traceId });
  });

  it('accepts a later version with unknown fields', () => {
    expect(traceContextOf({ traceparent: `01-${traceId}-${spanId}-01-more` })).toMatchObject({ traceId });
  });

  it.each([
    ['nothing', undefined],
    ['two of them', [`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-00`]],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['an all-zero trace', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['an all-zero parent', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${traceId}-${spanId}-01`],
    ['more fields than version 00 has', `00-${traceId}-${spanId}-01-more`],
    ['a trace that is too short', `00-${traceId.slice(1)}-${spanId}-01`],
    ['no flags', `00-${traceId}-${spanId}`],
    ['something else', 'x'],
  ])('refuses %s', (_, traceparent) => {
    expect(traceContextOf({ traceparent })).toBeUndefined();
  });
});
