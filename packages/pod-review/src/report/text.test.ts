import { expect, it } from 'vitest';
import { container, documents, web, workload } from '../../testing/manifests.ts';
import { review } from '../review.ts';
import { textReport } from './text.ts';

const wrong = review(
  [{ name: 'shop.yaml', text: documents([workload({ containers: [web, container('db', 'postgres:16')] })]) }],
  { ignore: new Set(['missing-limits', 'restricted-violation', 'service-account-token-unused']) },
);

it('lists roles, then findings with place and remedy', () => {
  expect(textReport(wrong, { hasColour: false }).split('\n')).toEqual([
    'shop.yaml:1  Deployment/app: inappropriate',
    '  web  app         the word web in image shop/web; the word web in its name; listens on 8080',
    '  db   datastore   image postgres: a database server',
    '  starts web + db',
    '  stops  web + db',
    '',
    expect.stringMatching(/^shop\.yaml:1:\d+: error datastore-beside-app Deployment\/app$/),
    expect.stringMatching(/^ {2}db is a datastore/),
    expect.stringMatching(/^ {2}fix: Run the datastore as a StatefulSet/),
    '',
    '1 pod in 1 file, 1 inappropriate: 1 error, 0 warnings, 0 info',
    '',
  ]);
});

it('adds only colour on a terminal', () => {
  const coloured = textReport(wrong, { hasColour: true });
  expect(coloured).toContain('\u001B[31mtinappropriate'.replace('31mt', '31m'));
  expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(textReport(wrong, { hasColour: false }));
});

it('makes control characters in names and values visible', () => {
  const hostile = container('a\u001b[2J', 'b\n::error::c');
  const found = review([{ name: 'shop\u001b.yaml', text: documents([workload({ containers: [hostile] })]) }]);
  const text = textReport(found, { hasColour: false });
  expect(text).toContain('  a\\u001b[2J  app');
  expect(text).toContain('shop\\u001b.yaml:1');
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  expect(text).not.toMatch(/^::/m);
});
