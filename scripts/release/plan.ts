import { versionFaults, versionOf } from './agreement.ts';
import { closeSection, hasUnreleased, releasedVersions } from './changelog.ts';
import { withVersion } from './named-versions.ts';
import type { Tree } from './tree.ts';
import { compareVersions, parseVersion, type Version } from './versions.ts';

/** The changes of a release, or the reason against it. */
export type Plan = { readonly fault: string } | { readonly fault?: undefined; readonly changed: Tree };

/** Plans the files of a release from the tree and the existing tags. */
export function planRelease(
  tree: Tree,
  {
    version,
    date,
    tags,
  }: { readonly version: string; readonly date: string; readonly tags: readonly string[] },
): Plan {
  const fault = versionFault(version, tree, tags);
  if (fault !== undefined) return { fault: `VERSION "${version}": ${fault}` };
  const changelog = tree.get('CHANGELOG.md') ?? '';
  if (!hasUnreleased(changelog))
    return { fault: 'CHANGELOG.md: "## Unreleased": expected the entries of this release' };

  const next = new Map([...tree].map(([file, text]) => [file, withVersion(text, version)]));
  next.set('CHANGELOG.md', closeSection(changelog, version, date));
  const [left] = versionFaults(next, `v${version}`);
  if (left !== undefined) return { fault: left };
  return { changed: new Map([...next].filter(([file, text]) => tree.get(file) !== text)) };
}

function versionFault(text: string, tree: Tree, tags: readonly string[]): string | undefined {
  const version = parseVersion(text);
  if (version === undefined) return 'expected X.Y.Z';
  if (tags.includes(`v${text}`)) return `the tag v${text} exists`;
  const released = [
    ...tags.map((tag) => tag.replace(/^v/, '')),
    ...releasedVersions(tree.get('CHANGELOG.md') ?? ''),
  ];
  const last = newest(released);
  if (last !== undefined && compareVersions(version, last) <= 0)
    return `expected a version above the last release, ${last.join('.')}`;
  const current = parseVersion(versionOf(tree));
  if (current !== undefined && compareVersions(version, current) < 0)
    return `expected at least ${current.join('.')}, the version in package.json`;
  return undefined;
}

function newest(texts: readonly string[]): Version | undefined {
  const versions = texts.map(parseVersion).filter((version) => version !== undefined);
  return versions.sort(compareVersions).at(-1);
}
