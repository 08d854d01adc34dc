import { Refusal } from '@pod-patterns/kit';
import type { SinkKind } from '../kind.ts';
import { HttpSink } from '../over-http/http-sink.ts';
import { readHttpUrl } from '../over-http/http-url.ts';
import type { Encoding } from './encoding.ts';
import { json } from './json.ts';
import { otlpForm } from './otlp-form.ts';
import { protobuf } from './protobuf.ts';

const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['protobuf', protobuf],
  ['json', json],
]);

/** A request is built in a third buffer, beside those of the two batches: smaller ones cost no speed. */
const limits = { batchBytes: 2 * 1024 * 1024 };

/** OpenTelemetry logs over HTTP. */
export const otlp: SinkKind = {
  form: 'otlp+http(s)://host[:port]',
  read(text) {
    const address = readHttpUrl(text, { prefix: 'otlp', own: ['encoding'] });
    if (address === undefined || address instanceof Refusal) return address;
    const { url, settings, own } = address;
    const encoding = encodings.get(own.get('encoding') ?? 'protobuf');
    if (encoding === undefined) {
      return new Refusal(`encoding: expected one of ${[...encodings.keys()].join(', ')}`);
    }
    if (url.pathname === '/') url.pathname = '/v1/logs';
    const name = `otlp+${url.origin}${url.pathname}`;
    return {
      ...{ name, limits },
      writer: (options) => encoding.writer(options),
      open: () => new HttpSink({ name, url, settings }, otlpForm(encoding)),
    };
  },
};
