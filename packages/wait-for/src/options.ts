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
  summary: "holds a pod's start until what it depends on answers, and says why it does not",
  operands: 'TARGET…',
  isOperand: (word) => /^[a-z][a-z0-9+.-]{0,31}:/i.test(word),
  takesCommand: true,
  // made when it is asked for: no start pays for it
  get notes() {
    return notes();
  },
  examples: [
    {
      purpose: 'Until a database takes connections and an API answers, 2 minutes at most',
      command: "wait-for --timeout 2m tcp://db:5432 'https://api/healthz json:/status=ok'",
    },
    {
      purpose: 'Then become the app',
      command: 'wait-for redis://redis:6379 -- node server.js',
    },
    {
      purpose: 'How a target is understood, without waiting for it',
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
      description: 'How long to wait for all together; 0 waits for ever',
      placeholder: 'DURATION',
      default: '5m',
      env: 'WAIT_FOR_TIMEOUT',
    }),
    format: option(oneOf('text', 'json'), {
      description: 'How it reports on stderr',
      default: 'text',
      env: 'WAIT_FOR_FORMAT',
    }),
    quiet: flag({ description: 'Report nothing but the summary at the end', env: 'WAIT_FOR_QUIET' }),
    once: flag({
      description: 'Try each target once, whatever it answers; for probes',
      env: 'WAIT_FOR_ONCE',
    }),
    strict: flag({
      description: 'Fail at once also for TLS faults and for HTTP 401, 403 and 404',
      env: 'WAIT_FOR_STRICT',
    }),
    explain: flag({
      description: 'Show each target as it is understood and exit',
      env: 'WAIT_FOR_EXPLAIN',
    }),
    terminationLog: option(path, {
      description: 'Where the summary is left for `kubectl describe`; the default only if it is there',
      placeholder: 'FILE',
      default: defaultTerminationLog,
      env: 'WAIT_FOR_TERMINATION_LOG',
    }),
    report: option(path, {
      description: 'Where the summary is left as JSON for programs that start later',
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
      description: 'Folder with the token, ca.crt and namespace for `k8s:` targets',
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
