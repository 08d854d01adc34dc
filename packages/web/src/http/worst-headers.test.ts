import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { pageName } from '../clients/views.ts';
import { errorText } from '../logs/error-text.ts';
import { clientProblem } from './client-error.ts';
import { requestIdOf } from './request-id.ts';
import { traceContextOf } from './trace-context.ts';

/** At least a megabyte. */
const much = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

describe.each(['a', '0', '-', '00-', ' ', '; ', ' HTTP/1.', 'GET ', '\r', '\n', '&', '"', 'é', '😀'])(
  'a megabyte of %j is read in linear time',
  (piece) => {
    const text = much(piece);

    it.each([
      ['a request id', () => requestIdOf(text)],
      [
        'a trace',
        () => traceContextOf({ traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01-${text}\n` }),
      ],
      ['a page name', () => pageName.test(text)],
      ['a request line', () => clientProblem('HPE_HEADER_OVERFLOW', Buffer.from(`${text}!`))],
      ['an error', () => errorText(new Error(text), 'id', new Date(0))],
    ])('as %s', (_, run) => {
      expect(secondsOf(run)).toBeLessThan(mostSeconds);
    });
  },
);
