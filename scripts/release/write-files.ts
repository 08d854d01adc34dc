import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { newestEntries } from './changelog.ts';
import { type PushedImage, pushedImages } from './pushed-images.ts';

/**
 * node scripts/release/write-files.ts METADATA FOLDER
 *
 * Writes the files of a release: the rendered overlays with each of our images by digest, the list of images, the list
 * of images that they were built from, the changelog's entries, and the checksums of all these.
 */
const root = join(import.meta.dirname, '../..');
const [metadata = '', target = ''] = process.argv.slice(2);
const images = pushedImages(readFileSync(metadata, 'utf8'));

mkdirSync(target, { recursive: true });
const files = new Map([
  ...['kind', 'production'].map((overlay) => [`${overlay}.yaml`, rendered(overlay, images)] as const),
  ['images.txt', images.map(({ name, digest }) => `${name}@${digest}\n`).join('')],
  ['pinned-images.Dockerfile', readFileSync(join(root, 'pinned-images.Dockerfile'), 'utf8')],
  ['CHANGES.md', `${newestEntries(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))}\n`],
]);
for (const [file, text] of files) writeFileSync(join(target, file), text);
const sums = [...files].map(
  ([file, text]) => `${createHash('sha256').update(text).digest('hex')}  ${file}\n`,
);
writeFileSync(join(target, 'SHA256SUMS'), sums.join(''));

/** Renders an overlay through a kustomization in another folder, so no file of the checkout changes. */
function rendered(overlay: string, pushed: readonly PushedImage[]): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'pod-patterns-release-'));
  try {
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [relative(folder, join(root, 'k8s/overlays', overlay))],
      images: pushed.map(({ local, name, digest }) => ({ name: local, newName: name, digest })),
    };
    // JSON is YAML
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    const ran = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`kubectl kustomize ${overlay}: ${ran.stderr || ran.error}`);
    return ran.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
