import type { IncomingMessage } from 'node:http';
import type { SecureContextOptions, TLSSocket, TlsOptions } from 'node:tls';
import { type AdminGuard, FaultLog, type Logger, pathOf } from '@pod-patterns/kit';
import { Logins } from './logins.ts';
import { loadWebConfig, type WebConfig, type WebTls } from './web-config.ts';

/** The kubelet has neither a password nor a certificate. */
const healthPaths = new Set(['/livez', '/readyz', '/-/healthy', '/-/ready']);
const lookEveryMs = 1000;

export interface WebGuardOptions {
  readonly file: string;
  readonly config: WebConfig;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Guards the HTTP port by a web config file. The file and its certificates are read again when they change; if there
 * is a fault, it is logged and the old settings stay. TLS is turned on or off only at startup.
 */
export class WebGuard implements AdminGuard {
  readonly tls: TlsOptions | undefined;
  readonly #options: WebGuardOptions;
  readonly #logins = new Logins();
  readonly #faults: FaultLog;
  #config: WebConfig;
  #certificate: SecureContextOptions;
  #lookedAt: number;

  constructor(options: WebGuardOptions) {
    const { config, log, now } = options;
    this.#options = options;
    this.#config = config;
    this.#certificate = certificateOf(config);
    this.#faults = new FaultLog(log, 'web config reload', now);
    this.#lookedAt = now();
    this.tls = config.tls && {
      ...this.#certificate,
      // refused clients get an answer that says so
      ...{ requestCert: config.tls.clients !== 'NoClientCert', rejectUnauthorized: false },
    };
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#config.headers;
  }

  certificate(): SecureContextOptions {
    this.#look();
    return this.#certificate;
  }

  async admits(request: IncomingMessage): Promise<boolean> {
    this.#look();
    const { tls, users } = this.#config;
    if (healthPaths.has(pathOf(request.url))) return true;
    if (this.tls !== undefined && tls !== undefined && !hasCertificate(tls.clients, request)) return false;
    return users.size === 0 || this.#logins.admits(users, request.headers.authorization);
  }

  #look(): void {
    const { file, now } = this.#options;
    if (now() - this.#lookedAt < lookEveryMs) return;
    this.#lookedAt = now();
    const loaded = loadWebConfig(file);
    if (!loaded.ok) {
      this.#faults.failed(loaded.faults.slice(0, 3).join('; '), { file });
      return;
    }
    this.#faults.recovered({ file });
    const next = certificateOf(loaded.config);
    this.#config = loaded.config;
    if (JSON.stringify(next) !== JSON.stringify(this.#certificate)) this.#certificate = next;
  }
}

/** Makes the guard for a web config file that was checked before; undefined without a file. */
export function webGuardOf(file: string, log: Logger): WebGuard | undefined {
  const loaded = file === '' ? undefined : loadWebConfig(file);
  return loaded?.ok
    ? new WebGuard({ file, config: loaded.config, log, now: () => performance.now() })
    : undefined;
}

function certificateOf({ tls }: WebConfig): SecureContextOptions {
  if (tls === undefined) return {};
  const { cert, key, ca, minVersion, maxVersion } = tls;
  return { cert, key, minVersion, maxVersion, ...(ca === undefined ? {} : { ca }) };
}

function hasCertificate(clients: WebTls['clients'], request: IncomingMessage): boolean {
  const socket = request.socket as TLSSocket; // of a server that speaks TLS
  if (clients === 'RequireAndVerifyClientCert') return socket.authorized;
  if (clients !== 'RequireAnyClientCert' && clients !== 'VerifyClientCertIfGiven') return true;
  const isGiven = Object.keys(socket.getPeerCertificate()).length > 0;
  return clients === 'RequireAnyClientCert' ? isGiven : !isGiven || socket.authorized;
}
