import { listeners } from '../pod/addresses.ts';
import type { Container } from '../pod/container.ts';
import { commandLine, environment } from '../pod/environment.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { declaredPorts } from '../pod/ports.ts';
import { programOfImage, programOfName } from '../roles/programs/find-program.ts';
import type { Program } from '../roles/programs/program.ts';
import type { PodWithRoles } from '../roles/role.ts';
import type { Problem, Rule } from './rule.ts';

export const ambassadorNotOnLoopback: Rule = {
  id: 'ambassador-not-on-loopback',
  severity: 'warning',
  why: 'An outbound ambassador uses the credentials of its app. If it listens on all addresses, every pod that can reach this one can use them. An app that is not configured to use localhost bypasses it.',
  fix: 'Bind the data port to 127.0.0.1, and point the app at it. The health port may stay on the pod address, for the probes.',
  link: 'https://kubernetes.io/blog/2015/06/the-distributed-system-toolkit-patterns/#example-2-ambassador-containers',
  check: {
    *pod(pod, input) {
      for (const ambassador of pod.containers.filter(({ role }) => role === 'ambassador')) {
        if (isInbound(ambassador, pod)) continue;
        const ports = dataPorts(ambassador, pod, input);
        if (ports.size === 0) continue;
        yield* listensOnAll(ambassador, ports, { pod, input });
        for (const app of pod.containers.filter(({ role }) => role === 'app')) {
          yield* goesPast(app, ambassador, { ports, pod, input });
        }
      }
    },
  },
};

interface Scope {
  readonly pod: Pod;
  readonly input: Input;
}

interface Backend {
  /** Of its URLs. */
  readonly scheme: RegExp;
  /** Of variables that hold its host alone. */
  readonly variable: RegExp;
}

/** Ports of datastores and brokers: a container that listens there beside an app is an outbound ambassador. */
const backends: ReadonlyMap<number, Backend> = new Map([
  [3306, { scheme: /^mysql|^mariadb/, variable: /^(MYSQL|MARIADB|DB|DATABASE)_(HOST|HOSTNAME|SERVER)$/ }],
  [
    5432,
    {
      scheme: /^postgres/,
      variable: /^(PGHOST|(POSTGRES|POSTGRESQL|PG|DB|DATABASE)_(HOST|HOSTNAME|SERVER))$/,
    },
  ],
  [6379, { scheme: /^rediss?$|^valkeys?$/, variable: /^(REDIS|VALKEY|CACHE)_(HOST|HOSTNAME|SERVER)$/ }],
  [9092, { scheme: /^kafka/, variable: /^KAFKA_(HOST|BROKER)$/ }],
  [5672, { scheme: /^amqps?$/, variable: /^(RABBITMQ|AMQP)_(HOST|HOSTNAME|SERVER)$/ }],
  [11211, { scheme: /^memcache/, variable: /^MEMCACHED?_(HOST|HOSTNAME|SERVER)$/ }],
  [27017, { scheme: /^mongodb/, variable: /^MONGO(DB)?_(HOST|HOSTNAME|SERVER)$/ }],
]);

/** Which way a proxy looks, as far as its image or name says. */
function directionOf({ name, spec }: Container): Program['direction'] {
  const [ofImage, ofName] = [programOfImage(spec.image ?? ''), programOfName(name)];
  const said = ofImage?.program.direction ?? ofName?.program.direction;
  return said ?? (/ambassador/.test(`${spec.image ?? ''} ${name}`) ? 'outbound' : undefined);
}

/** Whether it stands before the app, where the network must reach it. */
function isInbound(container: Container, pod: PodWithRoles): boolean {
  const isBefore = pod.pointers.get(container.name)?.some(({ isUpstream }) => isUpstream);
  return isBefore === true || directionOf(container) === 'inbound';
}

/** The ports at which an outbound ambassador serves the app; none for an inbound one. */
function dataPorts(ambassador: Container, pod: Pod, input: Input): ReadonlySet<number> {
  const declared = declaredPorts(ambassador).map(({ containerPort }) => containerPort);
  const stores = declared.filter((port) => backends.has(port));
  const said = listeners(ambassador, pod, input).map(({ port }) => port);
  const ofImage = directionOf(ambassador) === 'outbound' ? said.filter((port) => backends.has(port)) : [];
  return new Set([...stores, ...ofImage]);
}

function* listensOnAll(
  ambassador: Container,
  ports: ReadonlySet<number>,
  { pod, input }: Scope,
): Iterable<Problem> {
  for (const { host, port, path } of listeners(ambassador, pod, input)) {
    if (!ports.has(port) || !/^$|^0\.0\.0\.0$|^\[?::\]?$|^\*$/.test(host)) continue;
    yield {
      path: [...ambassador.path, ...path],
      container: ambassador.name,
      message: `${ambassador.name} listens on port ${port} of all addresses: any pod that can reach this one can use it`,
    };
  }
  const address = /--address[=\s]+(0\.0\.0\.0|::)/.exec(commandLine(ambassador));
  if (address !== null) {
    yield {
      path: [...ambassador.path, ambassador.spec.args === undefined ? 'command' : 'args'],
      container: ambassador.name,
      message: `${ambassador.name} listens on all addresses (--address ${address[1]})`,
    };
  }
}

function* goesPast(
  app: Container,
  ambassador: Container,
  { ports, pod, input }: Scope & { ports: ReadonlySet<number> },
): Iterable<Problem> {
  for (const [name, { value, index }] of environment(app, pod, input)) {
    const [, scheme = '', host = '', port] =
      /^(?:([a-z][a-z0-9+]*):\/\/(?:[^@/]*@)?)?([\w.-]+)(?::(\d{2,5}))?(?:[/?].*)?$/i.exec(value) ?? [];
    const isSame = [...ports].some((own) => {
      const { scheme: schemes, variable } = backends.get(own) ?? {};
      return port === undefined ? schemes?.test(scheme) || variable?.test(name) : Number(port) === own;
    });
    if (!isSame || host === '' || /^(localhost|127\.[\d.]+|0\.0\.0\.0)$/.test(host)) continue;
    yield {
      path: index === undefined ? [...app.path, 'envFrom'] : [...app.path, 'env', index, 'value'],
      container: app.name,
      message: `${name} points ${app.name} at ${host}, which bypasses ${ambassador.name} on localhost`,
    };
  }
}
