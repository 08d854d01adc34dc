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
      'Files to ship, separated by commas: * ? [a-z] {a,b}, ** for any folders and, at the end, for all files below; a backslash makes a character literal',
    placeholder: 'GLOB',
    env: 'LOG_PATHS',
    required: true,
  }),
  excludePaths: repeatable(text, {
    description: 'Files to exclude from --paths, in the same notation',
    placeholder: 'GLOB',
  }),
  start: option(oneOf('beginning', 'end'), {
    description: 'Where to start in files that exist at the start and are not in the checkpoint',
    env: 'START_AT',
    default: 'beginning',
  }),
  ignoreOlder: option(age, {
    description: 'Skip files last written to longer ago than this, until they are written to again',
    placeholder: 'DURATION',
  }),
  followLinks: flag({
    description:
      'Follow symbolic links that leave the folder before the first wildcard; anyone who can write there can then ship any file that the shipper can read',
  }),
  sink: repeatable(reader(`a sink URL: ${sinkForms}`, readSinkUrl), {
    description: `Where records go: ${sinkForms}; several get all records each, at its own pace`,
    placeholder: 'URL',
    env: 'SINK_URL',
    secret: 'url',
    required: true,
  }),
  config: option(path, {
    description: 'YAML file with settings for the files of some paths; the options apply to all others',
    placeholder: 'FILE',
    env: 'LOG_SHIPPER_CONFIG',
  }),
  explain: option(path, {
    description: 'Explain what the shipper would do with this file, and exit',
    placeholder: 'FILE',
    env: 'LOG_SHIPPER_EXPLAIN',
  }),
  stateDir: option(path, {
    description: 'Folder for the checkpoint, the position in each file, so that a restart continues there',
    placeholder: 'DIR',
    default: '/var/lib/log-shipper',
  }),
  label: repeatable(label, {
    description: 'Label for every record',
    placeholder: 'KEY=VALUE',
    env: 'LOG_SHIPPER_LABELS',
  }),
  encoding: option(encoding, {
    description: 'Encoding of the files; auto: UTF-16 with a byte order mark, else UTF-8',
    default: 'auto',
  }),
  parse: option(parse, {
    description:
      'auto: a JSON object keeps its fields, other lines are messages; json, logfmt, /REGEX/: other lines are counted as errors, and the named groups of /REGEX/ become fields; none: all lines are messages',
    default: 'auto',
  }),
  timeZone: option(timeZone, {
    description: 'Time zone of times without one',
    placeholder: 'ZONE',
    default: 'UTC',
  }),
  timeFormat: option(timeFormat, {
    description:
      "Format of the lines' times, as in strptime; tried before RFC 3339, ISO 8601 and numbers since 1970",
    placeholder: 'FORMAT',
  }),
  multiline: option(multiline, {
    description:
      'Join a stack trace into one record: in the form of the language, or from each line that matches /REGEX/ to the next',
  }),
  multilineTimeout: option(durationMs, {
    description: 'Time that an event of several lines waits for another line',
    placeholder: 'DURATION',
    default: '1s',
  }),
  include: repeatable(pattern, {
    description: 'Ship only matching lines',
    placeholder: 'REGEX',
  }),
  exclude: repeatable(pattern, {
    description: 'Do not ship matching lines',
    placeholder: 'REGEX',
  }),
  redact: repeatable(redaction, {
    description: 'Further text to replace by *** before it leaves the pod',
  }),
  redactCredentials: flag({
    description: 'Replace passwords in URLs and values of Authorization headers by ***',
    default: 'true',
  }),
  maxLine: option(lineBytes, {
    description: 'Longest line; a longer one is shipped in marked parts',
    placeholder: 'SIZE',
    default: '1MiB',
  }),
  rateLimit: option(rateLimit, {
    description:
      'Rate limit for reading each file, in lines or bytes per second; nothing is dropped, the rest waits in the file',
    placeholder: 'RATE',
  }),
  partialTimeout: option(durationMs, {
    description: 'Time that a last line without a newline waits for its end',
    placeholder: 'DURATION',
    default: '5s',
  }),
  deadLetter: option(path, {
    description: 'File for records that a sink refuses for good; without it they are only counted',
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
      purpose: 'Try it: print records on the terminal',
      command: "log-shipper --paths '/var/log/app/*.log' --sink stdout: --state-dir /tmp/log-shipper",
    },
    {
      purpose: 'To Loki, with a tenant, a token and a label',
      command:
        "log-shipper --paths '/var/log/app/*.log' --sink 'loki+https://loki.example#tenant=shop&bearer=/run/secrets/token' --label app=web",
    },
    {
      purpose: 'To any HTTP backend, compressed; stack traces of Java joined, mail addresses redacted',
      command:
        "log-shipper --paths '/var/log/app/*.log' --sink 'https://logs.example/in#compression=gzip' --multiline java --redact email",
    },
  ],
};

export type Options = typeof options;
export type ShipperConfig = Config<Options>;
