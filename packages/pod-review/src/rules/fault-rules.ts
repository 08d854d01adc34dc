import { valueAt } from '../pod/templates.ts';
import { asRecord } from '../record.ts';
import type { Fault } from '../strict/api/fault.ts';
import { formatPath } from '../strict/load/position.ts';
import type { Check, Rule } from './rule.ts';

type Row = Pick<Rule, 'why' | 'fix' | 'link'> & { readonly id: Fault['rule'] };

const table: readonly Row[] = [
  {
    id: 'unknown-field',
    why: 'This version of Kubernetes has no such field. With strict validation, the default of kubectl, the API server refuses the object; otherwise it drops the field, and the setting has no effect.',
    fix: 'Use the suggested name, or move the field to the map it belongs in.',
    link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  },
  {
    id: 'wrong-type',
    why: 'The value has the wrong type for its field, so the API server cannot decode the object.',
    fix: 'Write a value of the expected type. Quote a number, true or false that is meant as a string.',
    link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  },
  {
    id: 'invalid-value',
    why: 'The API server refuses the value: it is out of range, not an allowed word, or malformed.',
    fix: 'Write a value that meets the condition in the message.',
    link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  },
  {
    id: 'missing-field',
    why: 'The API server refuses the object without this field.',
    fix: 'Add the field.',
    link: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  },
  {
    id: 'forbidden-field',
    why: 'The API server refuses this field here: it contradicts another field, or has no meaning in this place.',
    fix: 'Remove the field, or the field that it contradicts.',
    link: 'https://kubernetes.io/docs/reference/kubernetes-api/',
  },
  {
    id: 'duplicate-name',
    why: 'Two entries of one list have the same name, so the API server cannot tell them apart.',
    fix: 'Give each entry a unique name.',
    link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  },
  {
    id: 'duplicate-key',
    why: 'A map has the same key twice. kubectl silently keeps the last, so the first has no effect; the API server refuses the object if it sees both.',
    fix: 'Remove one of them, or merge the two.',
    link: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation',
  },
  {
    id: 'missing-volume',
    why: 'The container mounts a volume that the pod does not have.',
    fix: 'Declare the volume under the volumes of the pod, or correct the name.',
    link: 'https://kubernetes.io/docs/concepts/storage/volumes/',
  },
];

/** The rules that pass on the faults that strict reading has found already. */
export const faultRules: readonly Rule[] = table.map((row) => ({
  ...row,
  severity: 'error',
  check: passOn(row.id),
}));

function passOn(rule: Fault['rule']): Check {
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
  const { name } = asRecord(valueAt(value, path.slice(0, at + 2)));
  return typeof name === 'string' && name !== '' ? { container: name } : {};
}
