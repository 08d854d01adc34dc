import { asRecord } from '../record.ts';
import type { Container } from './container.ts';
import type { Input } from './input.ts';
import type { Pod } from './pod.ts';

/** A variable of a container whose value the input tells. */
export interface Variable {
  readonly value: string;
  /** Index in the container's `env`, or undefined when it comes from a ConfigMap as a whole. */
  readonly index: number | undefined;
}

/** The variables of a container, as far as it and the ConfigMaps of the input say; later ones win. */
export function environment(container: Container, pod: Pod, input: Input): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  const dataOf = (name = '') => asRecord(input.find('ConfigMap', name, pod)?.value['data']);
  for (const { configMapRef, prefix = '' } of container.spec.envFrom ?? []) {
    for (const [key, value] of Object.entries(dataOf(configMapRef?.name))) {
      if (typeof value === 'string') variables.set(`${prefix}${key}`, { value, index: undefined });
    }
  }
  for (const [index, { name, value, valueFrom }] of (container.spec.env ?? []).entries()) {
    const reference = valueFrom?.configMapKeyRef;
    const found = reference === undefined ? value : dataOf(reference.name)[reference.key];
    if (typeof found === 'string') variables.set(name, { value: found, index });
  }
  return variables;
}

/** Command and arguments in one line, to look for words in. */
export function commandLine({ spec }: Container): string {
  return [...(spec.command ?? []), ...(spec.args ?? [])].join(' ');
}

/** The value of a setting, given as a flag (`--drain-time 5`, `--drain-time=5`) or as a variable. */
export function setting(
  flag: RegExp,
  name: RegExp,
  { line, variables }: { line: string; variables: ReadonlyMap<string, Variable> },
): string | undefined {
  const given = new RegExp(`(?:^|\\s)--?(?:${flag.source})[=\\s]+["']?([^\\s"']+)`).exec(line)?.[1];
  if (given !== undefined) return given;
  return [...variables].find(([key]) => name.test(key))?.[1].value;
}
