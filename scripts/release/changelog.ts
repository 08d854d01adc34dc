import { compareVersions, parseVersion } from './versions.ts';

interface Section {
  readonly heading: string;
  readonly entries: string;
}

const unreleased = 'Unreleased';
const released = /^(?<version>\S+) \(\d{4}-\d\d-\d\d\)$/;

/** The versions with a dated section in the changelog, newest first. */
export function releasedVersions(changelog: string): string[] {
  return sectionsOf(changelog).flatMap(({ heading }) => released.exec(heading)?.groups?.['version'] ?? []);
}

/** Faults in the form of the changelog, a line each. */
export function changelogFaults(changelog: string): string[] {
  const [first, ...others] = sectionsOf(changelog).map(({ heading }) => heading);
  const faults =
    first === unreleased ? [] : [`"## ${first ?? ''}": expected ## ${unreleased} as the first section`];
  const versions = others.map((heading) => parseVersion(released.exec(heading)?.groups?.['version'] ?? ''));
  for (const [index, heading] of others.entries()) {
    const [version, newer] = [versions[index], versions[index - 1]];
    if (version === undefined) faults.push(`"## ${heading}": expected ## X.Y.Z (YYYY-MM-DD)`);
    else if (newer !== undefined && compareVersions(newer, version) <= 0)
      faults.push(`"## ${heading}": expected the newest version first`);
  }
  return faults;
}

/** Gives the unreleased section its version and date, and adds an empty one above it. */
export function closeSection(changelog: string, version: string, date: string): string {
  const heading = `## ${unreleased}\n`;
  return changelog.replace(heading, `${heading}\n## ${version} (${date})\n`);
}

/** The entries of the newest section that is not empty; on a release's commit, those of the release. */
export function newestEntries(changelog: string): string {
  return sectionsOf(changelog).find(({ entries }) => entries !== '')?.entries ?? '';
}

/** Whether the unreleased section has entries. */
export function hasUnreleased(changelog: string): boolean {
  return sectionsOf(changelog).some(({ heading, entries }) => heading === unreleased && entries !== '');
}

function sectionsOf(changelog: string): Section[] {
  const [, ...sections] = changelog.split(/^## /m);
  return sections.map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return { heading, entries: lines.join('\n').trim() };
  });
}
