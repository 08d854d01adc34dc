import { flag, type Option, option } from './option.ts';
import { oneOf } from './reader.ts';
import { durationMs, hostPort } from './readers.ts';

const loggingOptions = {
  logLevel: option(oneOf('error', 'warn', 'info', 'debug'), {
    description: 'Minimum level to log',
    default: 'info',
  }),
  logFormat: option(oneOf('auto', 'json', 'text'), {
    description: 'Format of log lines; auto is text on a terminal and json elsewhere',
    default: 'auto',
  }),
} satisfies Record<string, Option<unknown>>;

/** The options that every service has beside its own. */
export function serviceOptions(adminPort: number) {
  return {
    adminListen: option(hostPort, {
      description: 'Address to serve /livez, /readyz and /metrics on; port 0 takes a free port',
      placeholder: 'HOST:PORT',
      default: `:${adminPort}`,
    }),
    adminOpen: flag({
      description:
        'Open the whole admin port to everyone; otherwise callers from outside the pod get only health and metrics',
    }),
    ...loggingOptions,
    shutdownTimeout: option(durationMs, {
      description: 'Time that a stop may take to finish work in progress',
      placeholder: 'DURATION',
      default: '20s',
    }),
  } satisfies Record<string, Option<unknown>>;
}

/** Configuration common to all services. */
export interface ServiceConfig {
  readonly adminListen: { readonly host: string | undefined; readonly port: number };
  readonly adminOpen: boolean;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  readonly logFormat: 'auto' | 'json' | 'text';
  readonly shutdownTimeout: number;
}
