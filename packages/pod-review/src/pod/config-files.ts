import type { IKeyToPath } from '../../types/kubernetes.ts';
import { asRecord } from '../record.ts';
import type { Container } from './container.ts';
import type { Input } from './input.ts';
import { type Pod, volumesOf } from './pod.ts';

/** A file that a container has from a ConfigMap of the input. */
export interface ConfigFile {
  /** Where the container sees it. */
  readonly path: string;
  readonly text: string;
}

/** The files of a container that ConfigMaps of the input hold. */
export function configFiles(container: Container, pod: Pod, input: Input): ConfigFile[] {
  const volumes = volumesOf(pod);
  return (container.spec.volumeMounts ?? []).flatMap(({ name, mountPath, subPath = '' }) => {
    const volume = volumes.get(name);
    const projected = volume?.projected?.sources?.map(({ configMap }) => configMap) ?? [];
    const files = [volume?.configMap, ...projected].flatMap((source) => filesOf(source, pod, input));
    return files
      .filter(({ path }) => subPath === '' || path === subPath)
      .map(({ path, text }) => ({ path: subPath === '' ? `${mountPath}/${path}` : mountPath, text }));
  });
}

interface Source {
  readonly name?: string;
  readonly items?: readonly IKeyToPath[];
}

function filesOf(source: Source | undefined, pod: Pod, input: Input): ConfigFile[] {
  if (source === undefined) return [];
  const data = asRecord(input.find('ConfigMap', source.name ?? '', pod)?.value['data']);
  const items = source.items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return items.flatMap(({ key, path }) => {
    const text = Object.hasOwn(data, key) ? data[key] : undefined;
    return typeof text === 'string' ? [{ path, text }] : [];
  });
}
