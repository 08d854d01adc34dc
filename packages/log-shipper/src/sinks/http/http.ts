import { Refusal } from '@pod-patterns/kit';
import { NdjsonWriter } from '../../record/ndjson-writer.ts';
import type { SinkKind } from '../kind.ts';
import { type HttpForm, usualKeptBytes } from '../over-http/http-form.ts';
import { httpOutcome } from '../over-http/http-outcome.ts';
import { HttpSink } from '../over-http/http-sink.ts';
import { readHttpUrl } from '../over-http/http-url.ts';

/** Any HTTP backend that takes NDJSON. */
export const http: SinkKind = {
  form: 'http(s)://host[:port]/path',
  read(text) {
    const address = readHttpUrl(text);
    if (address === undefined || address instanceof Refusal) return address;
    const { url, settings } = address;
    const name = `${url.origin}${url.pathname}`;
    return {
      name,
      writer: (options) => new NdjsonWriter(options),
      open: () => new HttpSink({ name, url, settings }, ndjsonForm),
    };
  },
};

/** Sends records as they are. A 2xx answer is the acknowledgement. */
const ndjsonForm: HttpForm = {
  headers: { 'content-type': 'application/x-ndjson' },
  keptBytes: usualKeptBytes,
  body: ({ bytes }) => bytes,
  outcome: (answer, _, nowMs) => httpOutcome(answer, nowMs),
};
