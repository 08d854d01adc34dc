import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { runAdaptor } from '../testing/running.ts';

/** Output and exit code of a run that only prints. */
async function answer(
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: readonly string[] }> {
  await using program = runAdaptor(args);
  const { code } = await program.ended;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

describe('--convert-mapping', () => {
  it('prints the file in the current format, ready to use', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('old.yml'), '# all\nmappings:\n- match: a\n  name: b\n  timer_type: histogram\n');
    const old = await answer(`--statsd.mapping-config=${dir.file('old.yml')}`, '--check-config');
    expect(old.stderr).toEqual([
      expect.stringContaining('line 5: mappings[0]: old field "timer_type": use observer_type'),
    ]);
    const { code, stdout } = await answer('--convert-mapping', dir.file('old.yml'));
    expect([code, stdout]).toEqual([
      0,
      '# all\nmappings:\n- match: a\n  name: b\n  observer_type: histogram\n',
    ]);
    writeFileSync(dir.file('new.yml'), stdout);
    expect((await answer(`--statsd.mapping-config=${dir.file('new.yml')}`, '--check-config')).code).toBe(0);
  });

  it.each([
    ['a: b: c', /^statsd-adaptor: --convert-mapping ".*\/m.yml": /],
    ['nope: 1', /m.yml": after conversion, line 1: unknown field "nope"$/],
    [undefined, /m.yml": ENOENT/],
  ])('of %j exits with code 2 and prints nothing', async (text, fault) => {
    using dir = tempDir();
    if (text !== undefined) writeFileSync(dir.file('m.yml'), text);
    const { code, stdout, stderr } = await answer(`--convert-mapping=${dir.file('m.yml')}`);
    expect([code, stdout, stderr[0]]).toEqual([2, '', expect.stringMatching(fault)]);
  });
});

describe('--explain', () => {
  it('explains a line, with the same options as a running adaptor', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('m.yml'), 'mappings:\n- match: a.*\n  name: b\n  labels: { what: $1 }\n');
    const mapping = `--statsd.mapping-config=${dir.file('m.yml')}`;
    const { code, stdout } = await answer(
      mapping,
      '--no-statsd.parse-influxdb-tags',
      '--explain=a.x:1|c|#y:z',
    );
    expect([code, stdout.split('\n')]).toEqual([
      0,
      [
        'a.x:1|c|#y:z',
        '  dialect  DogStatsD',
        '  name     a.x',
        '  tags     y="z"',
        '  sample   counter 1',
        '  rule     line 2: a.* (glob)',
        '  series   b{what="x",y="z"} 1',
        '',
      ],
    ]);
  });

  it('refuses a mapping file with faults', async () => {
    const { code, stdout } = await answer('--statsd.mapping-config=/nowhere/m.yml', '--explain=a:1|c');
    expect([code, stdout]).toEqual([2, '']);
  });
});
