import { changelogFaults, releasedVersions } from './changelog.ts';
import { namedVersions } from './named-versions.ts';
import type { Tree } from './tree.ts';

/** The version of a tree. */
export function versionOf(tree: Tree): string {
  const { version }: { version: string } = JSON.parse(tree.get('package.json') ?? '{}');
  return version;
}

/**
 * Finds where packages, images, manifests and changelog disagree about the version, a line each.
 * @param tag of a release; without one the tree may be between releases
 */
export function versionFaults(tree: Tree, tag?: string): string[] {
  const version = versionOf(tree);
  const changelog = tree.get('CHANGELOG.md') ?? '';
  const faults = [...tree]
    .filter(([file]) => file !== 'CHANGELOG.md')
    .flatMap(([file, text]) => namedVersions(text).map((named) => ({ ...named, file })))
    .filter((named) => named.version !== version)
    .map((named) => `${named.file}:${named.line}: ${named.version}: expected ${version}, as in package.json`);
  faults.push(...changelogFaults(changelog).map((fault) => `CHANGELOG.md: ${fault}`));

  const newest = releasedVersions(changelog)[0];
  if (newest !== version && (newest !== undefined || tag !== undefined))
    faults.push(
      `CHANGELOG.md: newest release is ${newest ?? 'none'}: expected ${version}, as in package.json`,
    );
  if (tag !== undefined && tag !== `v${version}`)
    faults.push(`tag ${tag}: expected v${version}, as in package.json`);
  return faults;
}
