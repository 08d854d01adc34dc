import { describe, expect, it } from 'vitest';
import { sumOfSamples } from './exposition.ts';

const exposition = `# HELP requests_total 7
# TYPE requests_total counter
requests_total{path="/a b",code="200"} 5
requests_total{path="}"} 2 1700000000000
requests_total_created 99
up 1
size{kind="working set"} 10
size{kind="RSS"} 30
odd NaN
`;

describe('sumOfSamples', () => {
  it.each([
    [/^requests_total$/, '', 7],
    [/^up$/, '', 1],
    [/^size$/, 'kind="working set"', 10],
    [/^size$/, '', 40],
    [/^nothing$/, '', undefined],
    [/^odd$/, '', undefined],
  ])('adds up the samples of %s with %j', (name, label, sum) => {
    expect(sumOfSamples(exposition, name, label)).toBe(sum);
  });

  it('finds nothing in a text that is not an exposition', () => {
    expect(sumOfSamples('<html>\n\nrequests_total\n{} {', /./)).toBeUndefined();
  });
});
