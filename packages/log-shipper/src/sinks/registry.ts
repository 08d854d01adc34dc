import type { Refusal } from '@pod-patterns/kit';
import { elasticsearch } from './elasticsearch/elasticsearch.ts';
import { file } from './file/file.ts';
import { fluent } from './fluent/fluent.ts';
import { http } from './http/http.ts';
import type { SinkKind, SinkTarget } from './kind.ts';
import { loki } from './loki/loki.ts';
import { otlp } from './otlp/otlp.ts';
import { stdout } from './stdout/stdout.ts';
import { syslog } from './syslog/syslog.ts';

/** All kinds of sinks, in the order in which `--help` names them. */
const kinds: readonly SinkKind[] = [stdout, file, http, loki, elasticsearch, otlp, syslog, fluent];

/** The forms of their URLs. */
export const sinkForms: string = kinds.map(({ form }) => form).join(', ');

/** Reads a sink's URL. Undefined if no kind matches, a refusal for a faulty URL of a kind. */
export function readSinkUrl(url: string): SinkTarget | Refusal | undefined {
  for (const kind of kinds) {
    const target = kind.read(url);
    if (target !== undefined) return target;
  }
  return undefined;
}
