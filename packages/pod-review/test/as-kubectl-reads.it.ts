import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { asRecord } from '../src/record.ts';
import { review } from '../src/review.ts';

const kubectl = installed('kubectl');
const run = promisify(execFile);
const golden = join(import.meta.dirname, '../../../tests/manifests/golden');

/** Error of kubectl for a value that does not decode into the Go type of its field. */
const undecodable = /unmarshal|unable to decode|cannot parse|quantities must|illegal base64/;

/**
 * kubectl decodes a manifest into the API's own Go types before it changes it, without a server: an independent
 * check of the rule wrong-type.
 */
async function isRefused(file: string): Promise<boolean> {
  try {
    await run(kubectl.path, ['set', 'env', '--local', '-f', file, 'A=b', '-o', 'name']);
    return false;
  } catch (error) {
    return undecodable.test(String(asRecord(error)['stderr']));
  }
}

/** Whether we find a value that cannot be decoded. */
function isWrong(text: string): boolean {
  const { findings } = review([{ name: 'x.yaml', text }]);
  return findings.some(({ rule, message }) => rule === 'wrong-type' || message.includes('base64'));
}

describe('strict reading agrees with kubectl', needs(kubectl), () => {
  it('on plain scalars', async () => {
    using dir = tempDir();
    const scalars = [
      'y',
      'yes',
      'On',
      'NO',
      '0644',
      '08',
      '0x1F',
      '0o17',
      '0b11',
      '1_000',
      '1e3',
      '.5',
      '1:30',
      '2026-01-31',
      '~',
      '!!str 5',
      '+5',
      '-',
      '1.2.3',
      '0.1e2',
      'null',
      'NaN',
      '"5"',
    ];
    const readings = await Promise.all(
      scalars.map(async (scalar, index) => {
        const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  key: ${scalar}\n`;
        const file = dir.file(`${index}.yaml`);
        writeFileSync(file, text);
        return { scalar, kubectl: await isRefused(file), ours: isWrong(text) };
      }),
    );
    expect(readings.filter((reading) => reading.kubectl !== reading.ours)).toEqual([]);
  });

  it('on any value in any place of our own manifests', async () => {
    using dir = tempDir();
    const objects = ['overlays-production', 'patterns-init'].flatMap((name) =>
      parseAllDocuments(readFileSync(join(golden, `${name}.yaml`), 'utf8')).map((document) =>
        asRecord(document.toJS()),
      ),
    );
    const known = objects.filter(({ apiVersion }) => !String(apiVersion).includes('monitoring'));
    const junk = fc.constantFrom<unknown>(
      null,
      '',
      0,
      1.5,
      'text',
      true,
      [],
      {},
      [null],
      ['a'],
      [{}],
      { a: 1 },
      { a: 'b' },
      2 ** 40,
      '2026-01-01T00:00:00Z',
      '1Gi',
      'MTIz',
    );
    const changes = fc
      .constantFrom(...known)
      .chain((object) => fc.tuple(fc.constant(object), fc.constantFrom(...pathsOf(object)), junk));
    const seed = Date.now();
    const readings = await Promise.all(
      fc.sample(changes, { numRuns: 60, seed }).map(async ([object, path, value], index) => {
        const changed = structuredClone(object);
        put(changed, path, value);
        const text = JSON.stringify(changed);
        const file = dir.file(`${index}.json`);
        writeFileSync(file, text);
        return {
          change: `${object['kind']} ${path.join('.')} = ${JSON.stringify(value)}`,
          kubectl: await isRefused(file),
          ours: isWrong(text),
        };
      }),
    );
    expect(
      readings.filter((reading) => reading.kubectl !== reading.ours),
      `seed ${seed}`,
    ).toEqual([]);
  });
});

type Steps = readonly (string | number)[];

/** Every place in a value but its kind and version, which decide how it is decoded. */
function pathsOf(value: unknown, path: Steps = []): Steps[] {
  if (path[0] === 'apiVersion' || path[0] === 'kind') return [];
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [path, ...inner];
}

function put(value: unknown, path: Steps, replacement: unknown): void {
  const last = path.at(-1) ?? 0;
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value); // the path was read from it
  (parent as Record<string | number, unknown>)[last] = replacement; // likewise
}
