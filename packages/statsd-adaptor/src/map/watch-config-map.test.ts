import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchConfigMap } from './watch-config-map.ts';

/** A ConfigMap mounted as by the kubelet, and a change of it. */
function configMap(at: string): (version: string) => void {
  const set = (version: string) => {
    mkdirSync(join(at, `..${version}`));
    writeFileSync(join(at, `..${version}`, 'm.yml'), version);
    symlinkSync(`..${version}`, join(at, '..data_tmp'));
    renameSync(join(at, '..data_tmp'), join(at, '..data'));
  };
  set('first');
  symlinkSync('..data/m.yml', join(at, 'm.yml'));
  return set;
}

describe('watchConfigMap', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([['m.yml'], ['sub/m.yml']])(
    'calls back for %s when the kubelet has changed the ConfigMap',
    (file) => {
      using dir = tempDir();
      const change = configMap(dir.file('.'));
      const onChange = vi.fn();
      using _ = watchConfigMap(dir.file(file), onChange);
      vi.advanceTimersByTime(60_000);
      // it may have changed after the file was read and before it was watched
      expect(onChange).toHaveBeenCalledTimes(1);
      change('second');
      vi.advanceTimersByTime(60_000);
      expect(onChange).toHaveBeenCalledTimes(2);
      change('third');
      change('fourth');
      vi.advanceTimersByTime(60_000);
      expect(onChange).toHaveBeenCalledTimes(3);
    },
  );

  it('does not call back for a mount that goes away, nor after disposal', () => {
    using dir = tempDir();
    const change = configMap(dir.file('.'));
    const onChange = vi.fn();
    const watching = watchConfigMap(dir.file('m.yml'), onChange);
    rmSync(dir.file('..data'));
    vi.advanceTimersByTime(60_000);
    watching?.[Symbol.dispose]();
    change('second');
    vi.advanceTimersByTime(60_000);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('ignores other files', () => {
    using dir = tempDir();
    expect(watchConfigMap(dir.file('m.yml'), () => {})).toBeUndefined();
    expect(watchConfigMap('m.yml', () => {})).toBeUndefined();
    expect(watchConfigMap(undefined, () => {})).toBeUndefined();
  });
});
