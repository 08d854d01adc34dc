/** The text before each mention of the project's version. All other numbers are versions of other projects. */
const before = [
  // our packages, in their own manifests and in the lockfile, and as a dependency of each other
  '"name": "(?:@pod-patterns/[a-z-]+|pod-patterns)",\\s+"version": "',
  '"@pod-patterns/[a-z-]+": "',
  // images: in manifests, compose and texts
  'pod-patterns/[a-z<>-]+:(?:\\$\\{VERSION:-)?',
  'pod-patterns/[a-z-]+\\s+newTag: ',
  // images in pictures, by their short names
  '<text [^>]*>[a-z-]+:',
  'variable "VERSION" \\{\\s+default = "',
  'ARG VERSION=',
  'app\\.kubernetes\\.io/version: ',
  // the tag of a release, alone and in the URL of a component
  'refs/tags/v',
  '//k8s/[a-z/-]+\\?ref=v',
].join('|');
const named = new RegExp(`(?=\\d)(?<=${before})\\d+\\.\\d+\\.\\d+`, 'g');

/** Each place in a text that names the version of this project. */
export function namedVersions(
  text: string,
): ReadonlyArray<{ readonly line: number; readonly version: string }> {
  return [...text.matchAll(named)].map(({ 0: version, index }) => ({
    line: text.slice(0, index).split('\n').length,
    version,
  }));
}

/** Sets the version in each of these places. */
export function withVersion(text: string, version: string): string {
  return text.replace(named, version);
}
