import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An image of `pinned-images.Dockerfile`: `FROM <image> AS <stage>`. */
export interface PinnedImage {
  readonly stage: string;
  readonly image: string;
}

const line = /^FROM\s+(?<image>\S+)\s+AS\s+(?<stage>[a-z]+)$/;
const withDigest = /^[^@\s]+:[^@:/\s]+@sha256:[0-9a-f]{64}$/;

/** Reads the images of the file. Throws one line if an image is not named by tag and digest. */
export function pinnedImages(text: string): PinnedImage[] {
  return text
    .split('\n')
    .filter((each) => each.trim() !== '' && !each.startsWith('#'))
    .map((each) => {
      const { image, stage } = line.exec(each)?.groups ?? {};
      if (image === undefined || stage === undefined)
        throw new Error(`"${each}": expected FROM <image> AS <name>`);
      if (!withDigest.test(image)) throw new Error(`${image}: expected <name>:<tag>@sha256:<64 hex digits>`);
      return { image, stage };
    });
}

/** The bake variables and workflow variables of these images, a line each: `NODE_IMAGE=node:…@sha256:…`. */
export function variablesOf(images: readonly PinnedImage[]): string {
  return images.map(({ stage, image }) => `${stage.toUpperCase()}_IMAGE=${image}\n`).join('');
}

if (import.meta.main) {
  const file = 'pinned-images.Dockerfile';
  try {
    process.stdout.write(
      variablesOf(pinnedImages(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'))),
    );
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
