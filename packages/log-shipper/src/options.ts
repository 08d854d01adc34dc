import {
  bytes,
  type Config,
  durationMs,
  flag,
  kind,
  oneOf,
  option,
  type Program,
  path,
  repeatable,
  serviceOptions,
  text,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import { multilines, readMultiline } from './frame/multiline.ts';
import { Pattern, patternForm } from './pattern/pattern.ts';
import { namedRedactions, readRedaction } from './record/redaction.ts';
import { readSinkUrl, sinkUrlForm } from './ship/sink-url.ts';

const label = kind('KEY=VALUE, such as team=payments', (value): readonly [string, string] | undefined => {
  const match = /^([A-Za-z_][\w./-]{0,127})=(.*)$/s.exec(value);
  return match === null ? undefined : [match[1] ?? '', match[2] ?? ''];
});

/** Longer lines would not fit into the memory that is set aside. */
const mostLineBytes = 16 * 1024 * 1024;
const lineBytes = kind('a size from 1KiB to 16MiB', (value) => {
  const size = /^\d+([KMG]i?B|B|)$/.test(value) ? readBytes(value) : undefined;
  return size !== undefined && size >= 1024 && size <= mostLineBytes ? size : undefined;
});

function readBytes(value: string): number | undefined {
  const result = bytes.safeParse(value);
  return result.success ? result.data : undefined;
}

const pattern = kind(patternForm, (value) => (value === '' ? undefined : Pattern.read(value)));

const redactionNames = Object.keys(namedRedactions).join(', ');
const redaction = kind(`one of ${redactionNames}, or /expression/, ${patternForm}`, readRedaction);

const multilineNames = Object.keys(multilines).join(', ');
const multiline = kind(`one of ${multilineNames}, or /expression/, ${patternForm}`, readMultiline);

const downward = 'from the downward API';

const options = {
  paths: repeatable(text, {
    description: 'Files to ship, also several separated by commas: * ? [a-z] {a,b} and ** for any folders',
    placeholder: 'GLOB',
    env: 'LOG_PATHS',
    required: true,
  }),
  followLinks: flag({
    description:
      'Follow links that leave the folder before the first wildcard; anyone who can write there can then have any file shipped that the shipper can read',
  }),
  sink: repeatable(kind(sinkUrlForm, readSinkUrl), {
    description:
      'Where records go: stdout:, file:///path, http(s)://host/path, loki+http(s)://host; several get all records each, at its own pace',
    placeholder: 'URL',
    env: 'SINK_URL',
    secret: 'url',
    required: true,
  }),
  stateDir: option(path, {
    description: 'Folder that keeps how far each file is shipped, so that a restart goes on there',
    placeholder: 'DIR',
    default: '/var/lib/log-shipper',
  }),
  label: repeatable(label, {
    description: 'A label that every record carries',
    placeholder: 'KEY=VALUE',
    env: 'LOG_SHIPPER_LABELS',
  }),
  parse: option(oneOf('auto', 'json', 'none'), {
    description:
      'auto: a line that is a JSON object keeps its fields, others are messages; json: the same, and others count as errors; none: all are messages',
    placeholder: 'HOW',
    default: 'auto',
  }),
  multiline: option(multiline, {
    description: `Make one record of a stack trace: ${multilineNames}, or /expression/ for the first line of each event`,
    placeholder: 'HOW',
  }),
  multilineTimeout: option(durationMs, {
    description: 'How long an event of several lines waits for another one',
    placeholder: 'DURATION',
    default: '1s',
  }),
  include: repeatable(pattern, {
    description: 'Ship only lines that match',
    placeholder: 'REGEX',
  }),
  exclude: repeatable(pattern, {
    description: 'Do not ship lines that match',
    placeholder: 'REGEX',
  }),
  redact: repeatable(redaction, {
    description: `What else to replace by *** before it leaves: /expression/, or one of ${redactionNames}`,
    placeholder: 'WHAT',
  }),
  redactCredentials: flag({
    description: 'Replace passwords in URLs and what an Authorization header says by ***',
    default: 'true',
  }),
  maxLine: option(lineBytes, {
    description: 'A longer line is shipped in parts that are marked as such',
    placeholder: 'SIZE',
    default: '1MiB',
  }),
  partialTimeout: option(durationMs, {
    description: 'How long a last line without a newline waits for its end',
    placeholder: 'DURATION',
    default: '5s',
  }),
  deadLetter: option(path, {
    description: 'File for records that a sink will never take; without it they are only counted',
    placeholder: 'FILE',
  }),
  podName: option(text, { description: `Name of the pod, ${downward}`, placeholder: 'NAME' }),
  podNamespace: option(text, { description: `Namespace of the pod, ${downward}`, placeholder: 'NAME' }),
  nodeName: option(text, { description: `Node of the pod, ${downward}`, placeholder: 'NAME' }),
  podUid: option(text, { description: `UID of the pod, ${downward}`, placeholder: 'UID' }),
  ...serviceOptions(9101),
};

/** The shipper's command line. */
export const program: Program<Options> = {
  name: 'log-shipper',
  version: manifest.version,
  summary: 'ships every line of log files to a backend, at least once and in order',
  options,
};

export type Options = typeof options;
export type ShipperConfig = Config<Options>;
