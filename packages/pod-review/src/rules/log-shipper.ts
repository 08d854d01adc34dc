import { commandLine } from '../pod/environment.ts';
import type { Container } from '../pod/pod.ts';
import { hintOfImage } from '../roles/images.ts';

/** Whether a container is there to carry logs away. */
export function isLogShipper(container: Container): boolean {
  if (container.role !== 'sidecar') return false;
  const isImage = hintOfImage(container.spec.image ?? '')?.what === 'ships logs';
  return (
    isImage ||
    /(^|[-_])(log|logs|logger|logging|shipper|tailer)([-_\d]|$)/.test(container.name) ||
    /\btail\s+-/.test(commandLine(container))
  );
}
