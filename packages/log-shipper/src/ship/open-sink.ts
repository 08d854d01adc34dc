import { FileSink } from './file-sink.ts';
import { ndjsonForm } from './http-form.ts';
import { HttpSink } from './http-sink.ts';
import { lokiForm } from './loki-form.ts';
import type { Sink } from './sink.ts';
import type { SinkTarget } from './sink-url.ts';
import { StdoutSink } from './stdout-sink.ts';

/** Makes the sink that a URL names. */
export function openSink(target: SinkTarget): Sink {
  switch (target.kind) {
    case 'stdout':
      return new StdoutSink();
    case 'file':
      return new FileSink(target);
    case 'http':
      return new HttpSink(target, ndjsonForm);
    case 'loki':
      return new HttpSink(target, lokiForm(target));
  }
}
