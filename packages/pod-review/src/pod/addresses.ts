import type { Path } from '../strict/load/position.ts';
import { commandWords } from './command.ts';
import type { ConfigFile } from './config-files.ts';
import type { Container } from './container.ts';
import { environment } from './environment.ts';
import type { Input } from './input.ts';
import type { Pod } from './pod.ts';

/** An address that a container says it listens on. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** From the container. */
  readonly path: Path;
}

/** A port or socket of the pod itself that a container is pointed at; neither where only the host is said. */
export interface Target {
  readonly port?: number;
  readonly socket?: string;
  /** `--upstream`, `AUTHZ`, `/etc/nginx/nginx.conf`. */
  readonly by: string;
  /** Whether it passes its traffic on to that address. */
  readonly isUpstream: boolean;
  /** Whether that is said by an argument or a file, and not just by the name of a variable. */
  readonly isSure: boolean;
  /** Whether it only tells that program to reload its files. */
  readonly isReload: boolean;
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

export const isLoopback = (host: string) => loopback.test(host);

/** Host and port in an address or URL: `tcp://127.0.0.1:80/x` → 127.0.0.1 and 80; `:80` → '' and 80. */
const address =
  /^(?:[a-z][a-z\d+]{0,15}:\/\/)?(?:[^@/\s]{1,80}@)?(\[[\da-f:]{0,40}\]|[\w.*-]{0,80}):(\d{2,5})(?:[/?,;].*)?$/i;

interface Setting {
  /** The flag or variable, or '' for a bare word. */
  readonly name: string;
  readonly value: string;
  readonly path: Path;
  readonly isFlag: boolean;
}

/** Settings from a container's arguments and variables. */
function* settings(container: Container, pod: Pod, input: Input): Iterable<Setting> {
  const path = [container.spec.args === undefined ? 'command' : 'args'];
  let name = '';
  for (const word of commandWords(container).flatMap((text) => text.split(/\s+/))) {
    const [, flag, given] = /^(--?[\w.-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (flag !== undefined) name = flag;
    const value = flag === undefined ? word : given;
    if (value === undefined) continue;
    yield { name, value: value.replace(/^["']|["']?,?$/g, ''), path, isFlag: true };
    name = '';
  }
  for (const [variable, { value, index }] of environment(container, pod, input)) {
    yield { name: variable, value, path: index === undefined ? ['envFrom'] : ['env', index], isFlag: false };
  }
}

const listening = /listen|bind|(?:^|[-_.])addr(?:ess)?$|^--?addr/i;
const listeningVariable = /LISTEN|BIND/;
const ofHealth = /admin|health|metrics|telemetry|probe|debug|pprof/i;

/** Addresses that a container listens on, by arguments and variables, except for health and metrics. */
export function listeners(container: Container, pod: Pod, input: Input): Listener[] {
  return [...settings(container, pod, input)].flatMap(({ name, value, path, isFlag }) => {
    const [, host = '', port] = address.exec(value) ?? [];
    const listens = isFlag ? listening.test(name) : listeningVariable.test(name);
    return port !== undefined && listens && !ofHealth.test(name) ? [{ host, port: Number(port), path }] : [];
  });
}

const upstreamFlag =
  /^--?(?:[\w.]{1,20}-){0,3}(?:upstreams?|target|backend|proxy-to|forward-to)(?:-(?:ur[il]|addr|address|host|port))?$/i;
const upstreamVariable = /(?:^|_)(?:UPSTREAM|PROXY_PASS|PROXY_TO|PROXY_TARGET|FORWARD_TO)(?:_|$)/;
const reloads = /\/-\/|reload|refresh/i;

/** Where the container is pointed to within its own pod, by arguments, variables and its files. */
export function targets(
  container: Container,
  pod: Pod,
  scope: { input: Input; files: readonly ConfigFile[] },
): Target[] {
  const said = [...settings(container, pod, scope.input)].flatMap((setting) => targetsOf(setting));
  const written = scope.files.flatMap((file) => [...targetsIn(file)]);
  return [...said, ...written];
}

function targetsOf({ name, value, isFlag }: Setting): Target[] {
  const isUpstream = (isFlag ? upstreamFlag : upstreamVariable).test(name);
  const isReload = reloads.test(value) || reloads.test(name);
  // never the value, which may hold a password
  const by = name === '' ? 'its arguments' : name;
  if (isFlag && /^--?app-port$/.test(name) && /^\d{2,5}$/.test(value)) {
    return [{ port: Number(value), by, isUpstream: true, isSure: true, isReload: false }];
  }
  if (!isFlag && isLoopback(value) && /(?:HOST|HOSTNAME|SERVER)$/.test(name)) {
    return [{ by, isUpstream, isSure: false, isReload: false }];
  }
  const ports = value.split(/[,\s]+/).flatMap((part) => {
    const [, host = '', port] = address.exec(part) ?? [];
    return port !== undefined && isLoopback(host)
      ? [{ port: Number(port), by, isUpstream, isSure: isFlag, isReload }]
      : [];
  });
  const socket = value.split(/[:=,\s]+/).find((part) => /^\/.*\.sock(?:et)?$/.test(part));
  // unix:///run/x.sock, unix:/run/x.sock and /run/x.sock are one
  const path = socket?.replace(/^\/+/, '/');
  return path === undefined
    ? ports
    : [...ports, { socket: path, by, isUpstream, isSure: isFlag, isReload: false }];
}

const passesOn =
  /(?:proxy|fastcgi|uwsgi|scgi|grpc)_pass|reverse_proxy|ProxyPass|(?:^|\s)server\s|\bconnect\s*=|backend|upstream/i;

/** Envoy writes host and port apart, Varnish too. */
const apart =
  /(?:address|host)["']?\s{0,9}[:=]\s{0,9}["']?(?:127\.0\.0\.1|localhost|::1)["']?[\s,;.]{1,80}port(?:_value)?["']?\s{0,9}[:=]\s{0,9}["']?(\d{2,5})/gi;
const together = /(?<![\w.-])(?:localhost|127\.0\.0\.1|\[::1\]):(\d{2,5})(?!\d)/gi;

function* targetsIn({ path, text }: ConfigFile): Iterable<Target> {
  for (const [, port] of text.matchAll(apart)) {
    yield { port: Number(port), by: path, isUpstream: true, isSure: true, isReload: false };
  }
  for (const line of text.split('\n')) {
    // nothing that a person writes is as long
    if (line.length > 2000) continue;
    for (const [, port] of line.matchAll(together)) {
      yield {
        port: Number(port),
        by: path,
        isUpstream: passesOn.test(line),
        isSure: true,
        isReload: reloads.test(line),
      };
    }
  }
}
