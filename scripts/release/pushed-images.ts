/** An image that bake has pushed, by digest. */
export interface PushedImage {
  /** As the manifests of `k8s/` name it: `pod-patterns/web`. */
  readonly local: string;
  /** Its address without the tag: `registry.example/owner/pod-patterns/web`. */
  readonly name: string;
  readonly digest: string;
}

interface Metadata {
  readonly 'image.name'?: string;
  readonly 'containerimage.digest'?: string;
}

/** Reads the output of `docker buildx bake --metadata-file`. Throws if an image has no name or no digest. */
export function pushedImages(metadata: string): PushedImage[] {
  const targets: Readonly<Record<string, Metadata>> = JSON.parse(metadata);
  return Object.entries(targets)
    .filter(([target]) => !target.startsWith('buildx.'))
    .map(([target, { 'image.name': tagged = '', 'containerimage.digest': digest = '' }]) => {
      const [, name, local] = /^([^,\s]*\/(pod-patterns\/[\w-]+)):[\w.-]+$/.exec(tagged) ?? [];
      if (name === undefined || local === undefined)
        throw new Error(`${target}: image.name "${tagged}": expected <registry>/pod-patterns/<name>:<tag>`);
      if (!/^sha256:[0-9a-f]{64}$/.test(digest))
        throw new Error(`${target}: containerimage.digest "${digest}": expected sha256:<64 hex digits>`);
      return { local, name, digest };
    });
}
