import {
  flag,
  oneOf,
  option,
  type Program,
  path,
  readDurationMs,
  reader,
  repeatable,
} from '@pod-patterns/kit';
import manifest from '../package.json' with { type: 'json' };
import { keysTable, kindsTable } from './kinds/help.ts';
import { kinds } from './kinds/registry.ts';
import { notes } from './notes.ts';
import { defaultTerminationLog } from './report/termination-log.ts';
import { commonKeys } from './target/common-keys.ts';

/** wait-for as its user sees it. */
export const program = {
  name: 'wait-for',
  version: manifest.version,
  summary: "holds a pod's start until its dependencies answer, and says why they do not",
  operands: 'TARGET…',
  isOperand: (word) => /^[a-z][a-z0-9+.-]{0,31}:/i.test(word),
  takesCommand: true,
  // made only for --help, so that no start pays for it
  get notes() {
    return notes();
  },
  examples: [
    {
      purpose: 'Wait until a database accepts connections and an API answers, at most 2 minutes',
      command: "wait-for --timeout 2m tcp://db:5432 'https://api/healthz json:/status=ok'",
    },
    {
      purpose: 'Then run the application in its place',
      command: 'wait-for redis://redis:6379 -- node server.js',
    },
    {
      purpose: 'Show how a target is read, without waiting for it',
      command: "wait-for --explain 'dns+srv:_http._tcp.web min=3 timeout=5s'",
    },
  ],
  options: {
    file: repeatable(path, {
      description: 'YAML file with a list of targets, and groups of them',
      placeholder: 'FILE',
      env: 'WAIT_FOR_FILE',
    }),
    timeout: option(reader('a duration such as 250ms, 2s or 5m', readDurationMs), {
      description: 'Time to wait for all targets together; 0 waits forever',
      placeholder: 'DURATION',
      default: '5m',
      env: 'WAIT_FOR_TIMEOUT',
    }),
    format: option(oneOf('text', 'json'), {
      description: 'Format of the report on stderr',
      default: 'text',
      env: 'WAIT_FOR_FORMAT',
    }),
    quiet: flag({ description: 'Report only the summary at the end', env: 'WAIT_FOR_QUIET' }),
    once: flag({
      description: 'Try each target once, whatever the result; for probes',
      env: 'WAIT_FOR_ONCE',
    }),
    strict: flag({
      description: 'Also fail at once for TLS faults and for HTTP 401, 403 and 404',
      env: 'WAIT_FOR_STRICT',
    }),
    explain: flag({
      description: 'Show how each target is read, and exit',
      env: 'WAIT_FOR_EXPLAIN',
    }),
    terminationLog: option(path, {
      description:
        'File to write the summary to, for `kubectl describe`; the default is written only if it exists',
      placeholder: 'FILE',
      default: defaultTerminationLog,
      env: 'WAIT_FOR_TERMINATION_LOG',
    }),
    report: option(path, {
      description: 'File to write the summary to as JSON, for programs that start later',
      placeholder: 'FILE',
      env: 'WAIT_FOR_REPORT',
    }),
    resolvConf: option(path, {
      description: 'DNS servers and search domains for all names',
      placeholder: 'FILE',
      default: '/etc/resolv.conf',
      env: 'WAIT_FOR_RESOLV_CONF',
    }),
    serviceAccountDir: option(path, {
      description: 'Folder with token, ca.crt and namespace, for `k8s:` targets',
      placeholder: 'FOLDER',
      default: '/var/run/secrets/kubernetes.io/serviceaccount',
      env: 'WAIT_FOR_SERVICE_ACCOUNT_DIR',
    }),
  },
} satisfies Program;

/** Tables of the README beside that of the options. */
export const tables = {
  targets: () => kindsTable(kinds),
  keys: () => keysTable(commonKeys),
};
