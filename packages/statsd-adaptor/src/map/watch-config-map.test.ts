import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { watchConfigMap } from './watch-config-map.ts';

/** A mounted ConfigMap as the kubelet makes it, and a change of it. */
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
  it('calls back when the kubelet has changed the ConfigMap', async () => {
    using dir = tempDir();
    const change = configMap(dir.file('.'));
    const { promise, resolve } = Promise.withResolvers<void>();
    using watching = watchConfigMap(dir.file('m.yml'), resolve);
    expect(watching).toBeDefined();
    change('second');
    await promise;
  });

  it('sees a file in a folder of the ConfigMap', async () => {
    using dir = tempDir();
    const change = configMap(dir.file('.'));
    const { promise, resolve } = Promise.withResolvers<void>();
    using _ = watchConfigMap(dir.file('sub/m.yml'), resolve);
    change('second');
    await promise;
  });

  it('leaves other files alone', () => {
    using dir = tempDir();
    expect(watchConfigMap(dir.file('m.yml'), () => {})).toBeUndefined();
    expect(watchConfigMap('m.yml', () => {})).toBeUndefined();
    expect(watchConfigMap(undefined, () => {})).toBeUndefined();
  });
});
