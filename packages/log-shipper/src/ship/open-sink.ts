import { FileSink } from './file-sink.ts';
import { HttpSink } from './http-sink.ts';
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
      return new HttpSink(target);
  }
}
