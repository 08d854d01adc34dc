import type { Container } from '../pod/container.ts';
import type { Pod } from '../pod/pod.ts';
import type { Path } from '../strict/load/position.ts';

/** The JSON patch (RFC 6902) that makes a plain container the last of the init containers, always restarted. */
export function nativeSidecarPatch({ name, path }: Container, { spec, specPath }: Pod): string {
  const from = pointer(path);
  const inits = pointer([...specPath, 'initContainers']);
  const steps = [
    // do not move a container twice
    { op: 'test', path: `${from}/name`, value: name },
    ...(spec.initContainers === undefined ? [{ op: 'add', path: inits, value: [] }] : []),
    { op: 'add', path: `${from}/restartPolicy`, value: 'Always' },
    { op: 'move', from, path: `${inits}/-` },
  ];
  return JSON.stringify(steps);
}

/** `/spec/containers/0`, RFC 6901. */
function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
