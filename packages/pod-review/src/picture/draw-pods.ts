import { review } from '../review.ts';
import type { KubernetesVersion } from '../strict/api/versions.ts';
import type { SourceFile } from '../strict/load/find-files.ts';
import { drawMermaid } from './mermaid.ts';
import { sketch } from './sketch.ts';
import { drawSvg } from './svg.ts';

export interface PictureOptions {
  readonly format: 'svg' | 'mermaid';
  readonly version: KubernetesVersion;
}

/** Draws all pods of some files; a file without pods makes an empty picture. */
export function drawPods(files: readonly SourceFile[], { format, version }: PictureOptions): string {
  const sketches = review(files, { version }).pods.map(sketch);
  return format === 'svg' ? drawSvg(sketches) : drawMermaid(sketches);
}
