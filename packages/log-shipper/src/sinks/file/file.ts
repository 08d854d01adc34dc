import { fileURLToPath } from 'node:url';
import { Refusal } from '@pod-patterns/kit';
import { NdjsonWriter } from '../../record/ndjson-writer.ts';
import type { SinkKind } from '../kind.ts';
import { FileSink } from './file-sink.ts';

/** A file on this machine. */
export const file: SinkKind = {
  form: 'file:///path',
  read(url) {
    if (!/^file:/i.test(url)) return undefined;
    const path = readPath(url);
    if (path instanceof Refusal) return path;
    const name = `file://${path}`;
    return {
      ...{ name, writes: path },
      writer: (options) => new NdjsonWriter(options),
      open: () => new FileSink({ name, path }),
    };
  },
};

function readPath(text: string): string | Refusal {
  const url = URL.parse(text);
  if (!/^file:\/\/\/[^/]/i.test(text) || url === null)
    return new Refusal('expected file:// and an absolute path');
  if (url.hash !== '' || url.search !== '') return new Refusal('a file URL must not contain ? or #');
  if (url.pathname.endsWith('/')) return new Refusal('expected a file, not a folder');
  try {
    return fileURLToPath(url);
  } catch {
    return new Refusal('the path has an invalid % escape');
  }
}
