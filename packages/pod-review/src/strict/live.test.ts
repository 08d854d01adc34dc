import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { type Data, documents } from '../../testing/manifests.ts';
import { refusals } from '../../testing/verdicts.ts';
import { review } from '../review.ts';

const file = join(import.meta.dirname, '../../test/live/objects.yaml');
const text = readFileSync(file, 'utf8');
const { items }: { items: readonly Data[] } = parseDocument(text).toJS();

it('the output of kubectl get has no errors, and its pods are reviewed', () => {
  const { pods, findings } = review([{ name: '<stdin>', text }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(pods.map(({ pod }) => pod.id)).toEqual([
    'Deployment/shop',
    'Pod/shop-7c9d8f6b5d-x2x7k',
    'Job/report',
    'StatefulSet/db',
    'CronJob/nightly',
  ]);
});

it.each(items.map((item) => [item['kind'], item] as const))('a %s by itself, as JSON', (_, item) => {
  const { findings } = review([{ name: 'x.json', text: documents([item]) }]);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

/** The same without the fields that mark a live object. */
function written(kind: string): Data {
  const item = items.find((one) => one['kind'] === kind) ?? {};
  const { uid: _, ...metadata } = item['metadata'] as Data; // every object has one
  return { ...item, metadata };
}

it.each([
  ['Job', 'spec.selector: is generated'],
  ['Pod', 'spec.ephemeralContainers: not allowed at creation'],
  ['Deployment', 'status.fieldOfALaterVersion: no such field'],
])('a %s with server fields but no uid is refused', (kind, says) => {
  expect(refusals(written(kind)).join('\n')).toContain(says);
});
