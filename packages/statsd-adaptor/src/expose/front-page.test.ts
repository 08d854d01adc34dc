import { expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { type FrontPage, frontPageHtml, frontPageText, largestFamilies } from './front-page.ts';

const page: FrontPage = {
  version: '1.2.3',
  mappingFile: '/etc/m.yml',
  rules: 12,
  lines: 1_234_567,
  linesPerSecond: 89.6,
  series: 3,
  largest: [{ name: 'hits', kind: 'counter', series: new Map([['', {} as never]]) }], // only counted
  badLines: [{ at: '2026-11-29T10:00:00.000Z', reason: 'malformed_value', line: '<b>:x|c\x1b[2J' }],
  paths: ['/metrics', '/status'],
};

it('is plain text for curl', () => {
  expect(frontPageText(page)).toBe(`statsd-adaptor 1.2.3: StatsD in, Prometheus out
1,234,567 lines, 90 per second; 3 series; 12 rules from /etc/m.yml

metric  type  series
hits  counter  1

faulty line  reason  time
<b>:x|c\\u001b[2J  malformed_value  2026-11-29T10:00:00.000Z

/metrics
/status
`);
});

it('leaves out empty sections', () => {
  const none = { ...page, mappingFile: '', largest: [], badLines: [] };
  expect(frontPageText(none)).toBe(`statsd-adaptor 1.2.3: StatsD in, Prometheus out
1,234,567 lines, 90 per second; 3 series; no mapping file

/metrics
/status
`);
  expect(frontPageHtml(none, 'n')).not.toContain('<table>');
});

it('is a page for browsers that escapes the bytes of lines', () => {
  const html = frontPageHtml(page, 'n');
  for (const part of ['<h1>statsd-adaptor 1.2.3</h1>', '<a href="/metrics">/metrics</a>', '<td>hits</td>'])
    expect(html).toContain(part);
  expect(html).toContain('<td>&#60;b&#62;:x|c');
  expect(html).not.toContain('<b>');
});

it('names the metrics with the most series', () => {
  const adaptor = new TestAdaptor().send('one:1|c');
  for (let size = 0; size < 20; size++) {
    for (let at = 0; at < (size * 7) % 20; at++) adaptor.send(`m${(size * 7) % 20}:1|c|#x:${at}`);
  }
  const named = largestFamilies(adaptor.registry.families.values(), 3).map(({ name, series }) => [
    name,
    series.size,
  ]);
  expect(named).toEqual([
    ['m19', 19],
    ['m18', 18],
    ['m17', 17],
  ]);
  expect(largestFamilies([])).toEqual([]);
});
