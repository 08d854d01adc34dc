import { randomBytes } from 'node:crypto';
import { Refusal } from '@pod-patterns/kit';
import type { SinkKind } from '../kind.ts';
import type { HttpForm } from '../over-http/http-form.ts';
import { HttpSink } from '../over-http/http-sink.ts';
import { readHttpUrl } from '../over-http/http-url.ts';
import { bulkOutcome } from './bulk-outcome.ts';
import { BulkWriter } from './bulk-writer.ts';

/** Elasticsearch's own rules for the name of an index or a data stream. */
const indexForm = /^(?![-_+.])[^A-Z\\/*?"<>| ,#:]{1,255}$/;
/** Requests only the fields of each item that matter. */
const answered = 'errors,items.*.status,items.*.error.type,items.*.error.reason';
/** Answers are as long as batches, and both are in memory. */
const limits = { batchBytes: 2 * 1024 * 1024 };
/** Room for a reason for each of 10,000 records. */
const keptBytes = 8 * 1024 * 1024;

/** Elasticsearch or OpenSearch: an index or a data stream, through `_bulk`. */
export const elasticsearch: SinkKind = {
  form: 'elasticsearch+http(s)://host[:port]/index',
  read(text) {
    const address = readHttpUrl(text, { prefix: 'elasticsearch', own: ['pipeline'] });
    if (address === undefined || address instanceof Refusal) return address;
    const { url, settings, own } = address;
    const path = url.pathname.replace(/\/$/, '');
    if (!indexForm.test(decode(path.slice(path.lastIndexOf('/') + 1)))) {
      return new Refusal('expected an index or data stream after the host, such as /logs-app-default');
    }
    const name = `elasticsearch+${url.origin}${path}`;
    url.pathname = `${path}/_bulk`;
    const pipeline = own.get('pipeline');
    if (pipeline !== undefined) url.searchParams.set('pipeline', pipeline);
    url.searchParams.set('filter_path', answered);
    return {
      ...{ name, limits },
      writer: (options) => new BulkWriter(options, idPrefix(options.now())),
      open: () => new HttpSink({ name, url, settings }, form),
    };
  },
};

const form: HttpForm = {
  headers: { 'content-type': 'application/x-ndjson' },
  keptBytes,
  body: ({ bytes }) => bytes,
  outcome: bulkOutcome,
};

/** Grows with time, which makes ids fast to find in Elasticsearch, and is unique to this shipper. */
function idPrefix(nowMs: number): string {
  return `${nowMs.toString(36)}${randomBytes(9).toString('base64url')}-`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
