import {
  type Config,
  durationMs,
  flag,
  oneOf,
  option,
  type Program,
  path,
  reader,
  repeatable,
  serviceOptions,
  text,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import {
  age,
  encoding,
  label,
  lineBytes,
  multiline,
  parse,
  pattern,
  rateLimit,
  redaction,
  timeFormat,
  timeZone,
} from './readers.ts';
import { readSinkUrl, sinkForms } from './sinks/registry.ts';

const downward = 'from the downward API';

const options = {
  paths: repeatable(text, {
    description:
      'Files to ship, several separated by commas: * ? [a-z] {a,b}, ** for any folders and, at the end, for all files below; a backslash takes the meaning of a letter',
    placeholder: 'GLOB',
    env: 'LOG_PATHS',
    required: true,
  }),
  excludePaths: repeatable(text, {
    description: 'Files to leave out of --paths, in the same notation',
    placeholder: 'GLOB',
  }),
  start: option(oneOf('beginning', 'end'), {
    description:
      'Where to begin with the files that are there when the shipper starts and that its checkpoint does not know',
    env: 'START_AT',
    default: 'beginning',
  }),
  ignoreOlder: option(age, {
    description: 'Leave out files that were last written to longer ago, until they are written to again',
    placeholder: 'DURATION',
  }),
  followLinks: flag({
    description:
      'Follow links that leave the folder before the first wildcard; anyone who can write there can then have any file shipped that the shipper can read',
  }),
  sink: repeatable(reader(`a sink URL: ${sinkForms}`, readSinkUrl), {
    description: `Where records go: ${sinkForms}; several get all records each, at its own pace`,
    placeholder: 'URL',
    env: 'SINK_URL',
    secret: 'url',
    required: true,
  }),
  config: option(path, {
    description: 'YAML file with settings for the files of some paths; the others are as the options say',
    placeholder: 'FILE',
    env: 'LOG_SHIPPER_CONFIG',
  }),
  explain: option(path, {
    description: 'Say what would be done with this file, and why, and end',
    placeholder: 'FILE',
    env: 'LOG_SHIPPER_EXPLAIN',
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
  encoding: option(encoding, {
    description: 'Encoding of the files; auto: UTF-16 if a byte order mark says so, else UTF-8',
    default: 'auto',
  }),
  parse: option(parse, {
    description:
      'auto: a line that is a JSON object keeps its fields, others are messages; json, logfmt, /REGEX/: others count as errors, and the named groups of /REGEX/ are fields; none: all are messages',
    default: 'auto',
  }),
  timeZone: option(timeZone, {
    description: 'Time zone of times that do not name one',
    placeholder: 'ZONE',
    default: 'UTC',
  }),
  timeFormat: option(timeFormat, {
    description:
      "Form of the lines' times, as strptime has it; tried before RFC 3339, ISO 8601 and numbers since 1970",
    placeholder: 'FORMAT',
  }),
  multiline: option(multiline, {
    description:
      'Make one record of a stack trace: as the language writes it, or from each line that matches /REGEX/ to the next',
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
    description: 'What else to replace by *** before it leaves the pod',
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
  rateLimit: option(rateLimit, {
    description:
      'Read each file no faster than this, in lines or bytes a second; nothing is dropped, the rest waits in the file',
    placeholder: 'RATE',
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
  examples: [
    {
      purpose: 'Try it: records on the terminal',
      command: "log-shipper --paths '/var/log/app/*.log' --sink stdout: --state-dir /tmp/log-shipper",
    },
    {
      purpose: 'To Loki, with a tenant, a token and a label',
      command:
        "log-shipper --paths '/var/log/app/*.log' --sink 'loki+https://loki.example#tenant=shop&bearer=/run/secrets/token' --label app=web",
    },
    {
      purpose:
        "To any HTTP backend, compressed; Java's stack traces as one record, addresses for mail hidden",
      command:
        "log-shipper --paths '/var/log/app/*.log' --sink 'https://logs.example/in#compression=gzip' --multiline java --redact email",
    },
  ],
};

export type Options = typeof options;
export type ShipperConfig = Config<Options>;
