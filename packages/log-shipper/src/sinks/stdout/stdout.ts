import { NdjsonWriter } from '../../record/ndjson-writer.ts';
import type { SinkKind } from '../kind.ts';
import { StdoutSink } from './stdout-sink.ts';

/** Standard output. */
export const stdout: SinkKind = {
  form: 'stdout:',
  read(url) {
    if (url !== 'stdout:' && url !== 'stdout://') return undefined;
    return {
      name: 'stdout:',
      writer: (options) => new NdjsonWriter(options),
      open: () => new StdoutSink(),
    };
  },
};
