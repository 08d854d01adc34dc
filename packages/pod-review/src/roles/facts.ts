import { isLoopback, type Listener, listeners, type Target, targets } from '../pod/addresses.ts';
import { commandWords, programsRun } from '../pod/command.ts';
import { configFiles } from '../pod/config-files.ts';
import type { Container } from '../pod/container.ts';
import type { Input } from '../pod/input.ts';
import type { Pod } from '../pod/pod.ts';
import { declaredPorts } from '../pod/ports.ts';
import { type Found, imagePath, programOfImage } from './programs/find-program.ts';

/** Facts about a container, read once. */
export interface Facts {
  readonly container: Container;
  /** Its image's path without registry and tag. */
  readonly image: string;
  /** Purpose of its image, if known. */
  readonly found: Found | undefined;
  readonly words: readonly string[];
  /** The programs that its command runs; none where the image says. */
  readonly runs: readonly string[];
  readonly listeners: readonly Listener[];
  /** The ports that it takes, as declared or as its settings say. */
  readonly ports: ReadonlySet<number>;
  readonly targets: readonly Target[];
}

interface Around {
  readonly pod: Pod;
  readonly input: Input;
  /** The ports that containers of the pod declare. */
  readonly declared: ReadonlySet<number>;
}

export function factsOf(container: Container, { pod, input, declared }: Around): Facts {
  const files = configFiles(container, pod, input);
  const ports = new Set(declaredPorts(container).map(({ containerPort }) => containerPort));
  // a loopback address at another container's port is where that one is asked
  const own = listeners(container, pod, input).filter(
    ({ host, port }) => ports.has(port) || !declared.has(port) || !isLoopback(host),
  );
  const image = container.spec.image ?? '';
  return {
    container,
    image: imagePath(image),
    found: runsNothing(container) ? undefined : programOfImage(image),
    words: commandWords(container),
    runs: programsRun(container, files),
    listeners: own,
    ports: new Set([...ports, ...own.map(({ port }) => port)]),
    targets: targets(container, pod, { input, files }),
  };
}

/** Docker's daemon cannot run without privileges: where it has none, only its command line is used. */
function runsNothing({ spec: { image = '', securityContext, ports = [] } }: Container): boolean {
  return imagePath(image) === 'docker' && securityContext?.privileged !== true && ports.length === 0;
}
