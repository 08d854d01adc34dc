import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';
import { ownerOf, ownPort, probedPort } from '../pod/ports.ts';
import type { Rule } from './rule.ts';

export const livenessChecksDependency: Rule = {
  id: 'liveness-checks-dependency',
  severity: 'warning',
  why: 'A failed liveness probe restarts its container. If it checks a database, another container or the readiness endpoint, an outage there restarts every replica at once, again and again, without any benefit.',
  fix: 'Let the liveness probe check only that the process itself responds (/livez). Check dependencies in the readiness probe.',
  link: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        const message = faultOf(container, pod);
        if (message !== undefined)
          yield { path: [...container.path, 'livenessProbe'], container: container.name, message };
      }
    },
  },
};

function faultOf(container: Container, pod: Pod): string | undefined {
  const { name, spec } = container;
  const probe = spec.livenessProbe;
  const port = probedPort(probe);
  if (port !== undefined && ownPort(container, port) === undefined) {
    const owner = ownerOf(
      port,
      pod.containers.filter((other) => other !== container),
    );
    if (owner !== undefined) return `the liveness probe of ${name} checks port ${port} of ${owner.name}`;
  }
  const path = probe?.httpGet?.path ?? '';
  if (/\/(ready|readyz|readiness|deep|dependencies)(\/|\?|$)/.test(path)) {
    return `the liveness probe of ${name} checks ${path}, which also depends on other services`;
  }
  const command = (probe?.exec?.command ?? []).join(' ');
  const remote = remoteHost(command);
  return remote === undefined ? undefined : `the liveness probe of ${name} checks ${remote}`;
}

const isLocal = (host: string) =>
  /^(localhost|127\.[\d.]+|\[?::1\]?|0\.0\.0\.0|\$\{?(HOSTNAME|POD_IP)\}?)$/.test(host);

/** The other host that a command asks, or undefined. */
function remoteHost(command: string): string | undefined {
  const hosts = [
    ...[
      ...command.matchAll(
        /\b(?:https?|redis|tcp|postgres(?:ql)?|mysql|amqp):\/\/(?:[^@/\s]*@)?(\[[^\]]{0,64}\]|[\w.$(){}-]+)/g,
      ),
    ].map(([, host]) => host),
    ...[
      ...command.matchAll(
        /\b(?:redis-cli|valkey-cli|psql|pg_isready|mysqladmin|mysql|mongosh?)\b.{0,300}?\s(?:-h|--host)[=\s]+([\w.$(){}-]+)/g,
      ),
    ].map(([, host]) => host),
    ...[
      ...command.matchAll(
        /\bnc\s{1,9}(?:-\S{1,50}\s{1,9}){0,9}([a-zA-Z][\w.$(){}-]*|\d+\.\d+\.\d+\.\d+)\s+\d+/g,
      ),
    ].map(([, host]) => host),
  ];
  return hosts.find((host) => host !== undefined && !isLocal(host));
}
