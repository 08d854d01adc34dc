import { existsSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The link in a mounted ConfigMap that the kubelet sets anew when the ConfigMap has changed. */
const currentData = '..data';
/** A node has few inotify instances for a user, and the kubelet takes up to a minute anyway: so it is looked at. */
const everyMs = 5000;

/**
 * Calls back when the ConfigMap is changed that a file is in, and once after the first look, as it may have changed
 * before. Undefined for no file and for one in no ConfigMap; one that is mounted by `subPath` never changes.
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

/** Undefined where the mount is gone, which goes with its pod. */
function versionOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

/** The link of the nearest folder above that is a mounted ConfigMap. */
function linkAbove(folder: string): string | undefined {
  const link = join(folder, currentData);
  if (existsSync(link)) return link;
  const parent = dirname(folder);
  return parent === folder ? undefined : linkAbove(parent);
}
