import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faultRules } from './fault-rules.ts';
import { rules } from './index.ts';

const folder = import.meta.dirname;

const passedOn = faultRules.map(({ id }) => id);

it.each(rules.map(({ id }) => id))('%s has a file of its own and a table of examples beside it', (id) => {
  expect(existsSync(join(folder, `${id}.ts`))).toBe(!passedOn.includes(id));
  expect(readFileSync(join(folder, `${id}.test.ts`), 'utf8')).toContain('testRule(');
});

it('the list has every rule file', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const declared = files.flatMap(
    (file) =>
      /: Rule (?:=|=>) \(?\{\s+id: '([\w-]+)'/.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? [],
  );
  expect([...declared, ...passedOn].sort()).toEqual(rules.map(({ id }) => id).sort());
});

it('the list has every published id', () => {
  const fixed =
    'datastore-beside-app two-apps-in-one-pod unknown-field invalid-value wrong-type duplicate-name missing-volume helper-not-native-sidecar sidecar-without-startup-probe sidecar-waits-for-app init-waits-forever volume-not-shared empty-dir-without-limit ambassador-not-on-loopback adaptor-not-scraped grace-period-too-short pre-stop-ends-sidecar probe-with-host service-account-token-unused restricted-violation missing-limits hpa-counts-sidecars liveness-checks-dependency deprecated-api unreadable';
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(fixed.split(' ')));
});
