import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The symbolic link in a mounted ConfigMap that the kubelet replaces after a change. */
const currentData = '..data';
/** Polling, as inotify instances per user are few and the kubelet takes up to a minute anyway. */
const everyMs = 5000;

/**
 * Calls back when the ConfigMap of a file changes, and once after the first look, as it may have changed before.
 * Undefined without a file in a ConfigMap; one mounted by `subPath` never changes.
 */
export function watchConfigMap(file: string | undefined, onChange: () => void): Disposable | undefined {
  const link = file === undefined || file === '' ? undefined : linkAbove(dirname(file));
  if (link === undefined) return undefined;
  let seen: string | undefined;
  const look = () => {
    const version = versionOf(link);
    if (version === undefined || version === seen) return;
    seen = version;
    onChange();
  };
  const timer = setInterval(look, everyMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Reads the link; undefined after the mount is gone, at the end of the pod. */
function versionOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** Finds the link of the nearest parent folder that is a mounted ConfigMap. */
function linkAbove(folder: string): string | undefined {
  const link = join(folder, currentData);
  if (existsSync(link)) return link;
  const parent = dirname(folder);
  return parent === folder ? undefined : linkAbove(parent);
}
