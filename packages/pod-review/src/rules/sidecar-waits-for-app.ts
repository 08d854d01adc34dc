import type { Container } from '../pod/container.ts';
import { commandLine } from '../pod/environment.ts';
import type { Pod } from '../pod/pod.ts';
import { ownerOf, ownPort, probedPort } from '../pod/ports.ts';
import type { Path } from '../strict/load/position.ts';
import type { Rule } from './rule.ts';

export const sidecarWaitsForApp: Rule = {
  id: 'sidecar-waits-for-app',
  severity: 'error',
  why: 'Init containers and sidecars start one after another, and app containers start last. A container that waits for a later one waits forever, and the pod never starts.',
  fix: 'Let the startup probe, hook or wait check only the container itself. Check the app in a readiness probe.',
  link: 'https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers',
  check: {
    *pod(pod) {
      for (const [index, container] of pod.containers.entries()) {
        if (container.form === 'app') continue;
        const later = pod.containers.slice(index + 1);
        const wait = waitOf(container, pod, later);
        if (wait === undefined) continue;
        yield {
          path: [...container.path, ...wait.path],
          container: container.name,
          message: `${container.name} waits for ${wait.owner.name}, which starts after it: the pod never starts`,
        };
      }
    },
  },
};

interface Wait {
  readonly owner: Container;
  readonly path: Path;
}

/** Later container that holds up the start of a container. */
function waitOf(container: Container, pod: Pod, later: readonly Container[]): Wait | undefined {
  const { startupProbe, lifecycle } = container.spec;
  if (container.form === 'init') {
    const found = inText(commandLine(container), later, waitWords, ['command']);
    return found ?? onNobody(container, pod, later);
  }
  const port = probedPort(startupProbe);
  if (port !== undefined && ownPort(container, port) === undefined) {
    const before = pod.containers.slice(0, pod.containers.indexOf(container));
    const owner = ownerOf(port, before) === undefined ? ownerOf(port, later) : undefined;
    if (owner !== undefined) return { owner, path: ['startupProbe'] };
  }
  return (
    inText((startupProbe?.exec?.command ?? []).join(' '), later, /./, ['startupProbe']) ??
    inText((lifecycle?.postStart?.exec?.command ?? []).join(' '), later, /./, ['lifecycle', 'postStart'])
  );
}

/** A wait for a port of localhost while nothing of the pod runs yet, whoever it belongs to. */
function onNobody(container: Container, pod: Pod, later: readonly Container[]): Wait | undefined {
  const before = pod.containers.slice(0, pod.containers.indexOf(container));
  const line = commandLine(container);
  const owner = later.find(({ form }) => form === 'app');
  const isAlone = !before.some(({ form }) => form === 'native-sidecar');
  if (!isAlone || owner === undefined || !/\b(until|while)\b/.test(line) || !localPort.test(line))
    return undefined;
  return { owner, path: ['command'] };
}

const localPort = /(?:localhost|127\.0\.0\.1|\[::1\])[:\s]+(\d{2,5})\b/;

const waitWords = /\b(until|while|wait|wait-for|wait-for-it|dockerize)\b/;

function inText(text: string, later: readonly Container[], words: RegExp, path: Path): Wait | undefined {
  if (!words.test(text)) return undefined;
  for (const [, port] of text.matchAll(new RegExp(localPort, 'g'))) {
    const owner = ownerOf(Number(port), later);
    if (owner !== undefined) return { owner, path };
  }
  return undefined;
}
