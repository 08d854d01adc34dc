import { expect, it } from 'vitest';
import { review } from '../src/review.ts';
import type { KubernetesVersion } from '../src/strict/api/versions.ts';
import { type Data, documents } from './manifests.ts';

/** The rules under which strict reading files what the API server would refuse. */
const strict =
  /^(unknown-field|wrong-type|invalid-value|missing-field|forbidden-field|duplicate-name|missing-volume|deprecated-api)$/;

/** Rule and message of each refusal. */
export function refusals(object: Data, version: KubernetesVersion = '1.33'): string[] {
  const { findings } = review([{ name: 'x.yaml', text: documents([object]) }], { version });
  return findings
    .filter(({ rule, severity }) => severity === 'error' && strict.test(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

/** A test for each row: the object is refused, for one thing, in these words. */
export function refuses(rows: ReadonlyArray<[string, Data, string, KubernetesVersion?]>): void {
  it.each(rows)('%s', (_, object, expected, version) => {
    const found = refusals(object, version);
    expect(found.join('\n')).toContain(expected);
    expect(found).toHaveLength(1);
  });
}

/** A test for each row: nothing is refused of the object. */
export function accepts(rows: ReadonlyArray<[string, Data, KubernetesVersion?]>): void {
  it.each(rows)('%s', (_, object, version) => {
    expect(refusals(object, version)).toEqual([]);
  });
}
