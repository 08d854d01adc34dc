import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { namedParses } from '../record/parse.ts';
import { utc } from '../record/time/zone.ts';
import { type FileSettings, Settings } from './file-settings.ts';
import { readRules } from './read-rules.ts';

const sinks = ['stdout:', 'http://h/a'];
const usual: FileSettings = {
  ...{ encoding: 'auto', parse: namedParses.auto, timeZone: utc, timeFormat: undefined },
  ...{ multiline: undefined, rateLimit: undefined, labels: { team: 'shop', env: 'dev' }, sinks: undefined },
};

/** Reads the rules of a file with this text. */
function read(text: string) {
  using dir = tempDir();
  const path = dir.file('shipper.yaml');
  writeFileSync(path, text);
  const { rules, faults } = readRules(path, sinks);
  return { settings: new Settings(usual, rules), faults: faults.map((fault) => fault.replace(path, 'FILE')) };
}

const example = `
files:
  - paths: /log/access-*.log
    parse: logfmt
    rate-limit: 500/s
    encoding: latin-1
    time-zone: +01:00
    time-format: '%d %b %Y %H:%M'
    multiline: java
    labels: { kind: access, team: web }
    sinks: [ 'stdout:' ]
  - paths: [ /log/*/*.log, /log/x.log ]
    path-labels: /^\\/log\\/(?<app>[^/]+)\\//
`;

describe('rules', () => {
  it('set how files of some paths are read; the first match applies', () => {
    const { settings, faults } = read(`${example}  - paths: /log/**\n    parse: none\n`);
    expect(faults).toEqual([]);
    expect(settings.of('/log/access-1.log')).toMatchObject({
      ...{ parse: namedParses.logfmt, encoding: 'latin-1', rateLimit: { perSecond: 500, unit: 'lines' } },
      ...{ labels: { team: 'web', env: 'dev', kind: 'access' }, sinks: ['stdout:'] },
    });
    expect(settings.of('/log/other').parse).toBe(namedParses.none);
    expect(settings.of('/elsewhere')).toBe(usual);
    expect(settings.ruleOf('/log/x.log')).toBe(1);
  });

  it('read labels from the path', () => {
    const { settings } = read(example);
    expect(settings.of('/log/cart/a.log').labels).toEqual({ team: 'shop', env: 'dev', app: 'cart' });
    expect(settings.of('/log/x.log').labels).toEqual({ team: 'shop', env: 'dev' });
  });

  it('share one object between files with the same settings', () => {
    const { settings } = read(example);
    expect(settings.of('/log/cart/a.log')).toBe(settings.of('/log/cart/b.log'));
    expect(settings.of('/log/cart/a.log')).not.toBe(settings.of('/log/pay/a.log'));
  });

  it.each([
    ['', 'FILE": expected a list named "files"'],
    ['files: {}', 'FILE": expected a list named "files"'],
    ['files: [ x ]', 'FILE": expected a list named "files"'],
    ['files:\n  - paths: [', 'FILE": .* at line 2, column 1'],
    ['fils: []\nfiles: []', 'FILE": unknown key "fils" \\(did you mean files\\?\\)'],
    ['files: [ { parse: json } ]', 'FILE": files\\[0\\].paths: expected a string or a list of strings'],
    [
      'files: [ { paths: /a, prase: json } ]',
      'files\\[0\\]: unknown key "prase" \\(did you mean parse\\?\\)',
    ],
    [
      'files: [ { paths: /a, parse: yaml } ]',
      'files\\[0\\].parse "yaml": expected one of auto, json, logfmt',
    ],
    ['files: [ { paths: /a, parse: 1 } ]', 'files\\[0\\].parse 1: expected one of'],
    ['files: [ { paths: /a, multiline: /(/ } ]', 'files\\[0\\].multiline "/\\(/": not a regular expression'],
    ['files: [ { paths: /a, labels: { 1x: y } } ]', 'files\\[0\\].labels: expected names with strings'],
    ['files: [ { paths: /a, labels: { x: 1 } } ]', 'files\\[0\\].labels: expected names with strings'],
    [
      'files: [ { paths: /a, path-labels: /a/ } ]',
      'files\\[0\\].path-labels: expected /REGEX/ with a named group',
    ],
    [
      'files: [ { paths: /a, sinks: [ http://h ] } ]',
      '.sinks "http://h": expected one of "stdout:", "http://h/a"',
    ],
    ['files: [ { paths: /a, sinks: [] } ]', 'files\\[0\\].sinks: expected a string or a list of strings'],
  ])('are refused: %j', (text, expected) => {
    expect(read(text).faults).toEqual([expect.stringMatching(new RegExp(expected))]);
  });

  it('are rejected with all faults at once', () => {
    expect(read('files: [ { paths: /a, parse: x, multiline: y }, { parse: z } ]').faults).toHaveLength(4);
  });

  it('are rejected if their file is missing', () => {
    expect(readRules('/none/such.yaml', sinks).faults).toEqual([expect.stringMatching(/ENOENT/)]);
  });
});
