import type { KubernetesVersion } from '../api/versions.ts';
import type { SourceFile } from '../load/find-files.ts';

export function drawPods(
  _files: readonly SourceFile[],
  _options: { format: 'svg' | 'mermaid'; version: KubernetesVersion },
): string {
  return '';
}
