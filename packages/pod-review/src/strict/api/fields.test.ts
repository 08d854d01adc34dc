import { expect, it } from 'vitest';
import { generateFields } from '../../../scripts/generate-fields.ts';
import data from './fields.json' with { type: 'json' };
import { fieldsOf, knownKinds, typeOfKind } from './fields.ts';

it('are as kubernetes-models declares them (if not, run packages/pod-review/scripts/generate-fields.ts)', async () => {
  expect(data).toEqual(await generateFields());
});

it('refer to existing types', () => {
  const scalar = /^(=|string$|bool$|int32$|int64$|double$|quantity$|intOrString$|time$|any$)/;
  for (const kind of knownKinds)
    expect(fieldsOf(typeOfKind(...(kind.split(' ') as [string, string])) ?? '')).toBeDefined(); // "version kind"
  for (const type of Object.keys(data.types)) {
    for (const field of fieldsOf(type)?.values() ?? []) {
      const name = field.type.replace(/^(\[\]|\{\})+/, '');
      expect(scalar.test(name) || Object.hasOwn(data.types, name), name).toBe(true);
    }
  }
});

it('include native sidecars', () => {
  expect(fieldsOf('CoreV1Container')?.get('restartPolicy')).toEqual({ type: 'string', isRequired: false });
  expect(fieldsOf('CoreV1Container')?.get('name')).toEqual({ type: 'string', isRequired: true });
});
