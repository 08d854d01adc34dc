import type { Fault } from '../strict/api/fault.ts';
import { formatPath } from '../strict/load/position.ts';
import type { Check } from './rule.ts';

/** The check of a rule that strict reading has carried out already. */
export function fromFaults(rule: Fault['rule']): Check {
  return {
    *object(object) {
      for (const { path, message, position } of object.faults.filter((fault) => fault.rule === rule)) {
        yield {
          path,
          message: path.length === 0 ? message : `${formatPath(path)}: ${message}`,
          position,
          isAboutKey: rule === 'unknown-field',
          ...containerAt(object.value, path),
        };
      }
    },
  };
}

/** The container that a path leads into, by its name. */
function containerAt(value: unknown, path: readonly (string | number)[]): { container?: string } {
  const at = path.findIndex((step) => step === 'containers' || step === 'initContainers');
  if (at < 0 || typeof path[at + 1] !== 'number') return {};
  const container = path.slice(0, at + 2).reduce<unknown>((inner, step) => {
    // a step that is not there leads nowhere
    return typeof inner === 'object' && inner !== null
      ? (inner as Record<string | number, unknown>)[step]
      : undefined;
  }, value);
  const name =
    typeof container === 'object' && container !== null && 'name' in container ? container.name : undefined;
  return typeof name === 'string' && name !== '' ? { container: name } : {};
}
