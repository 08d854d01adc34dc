import { Refusal } from '@pod-patterns/kit';
import type { SinkKind } from '../kind.ts';
import { EntryWriter } from './entry-writer.ts';
import { FluentSink } from './fluent-sink.ts';
import { readFluentUrl } from './fluent-url.ts';

/** Fluentd and Fluent Bit, through the Forward protocol (github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1). */
export const fluent: SinkKind = {
  form: 'fluent(+tls)://host[:port]',
  read(text) {
    const address = readFluentUrl(text);
    if (address === undefined || address instanceof Refusal) return address;
    const { host, port, isSecure, settings } = address;
    const name = `fluent${isSecure ? '+tls' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return {
      name,
      writer: (options) => new EntryWriter(options, settings.tag),
      open: () => new FluentSink(name, address),
    };
  },
};
