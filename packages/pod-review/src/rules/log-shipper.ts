import { commandLine } from '../pod/environment.ts';
import { hintOfImage } from '../roles/images.ts';
import type { ContainerWithRole } from '../roles/role.ts';

/** Whether a container is there to carry logs away. */
export function isLogShipper(container: ContainerWithRole): boolean {
  if (container.role !== 'sidecar') return false;
  const isImage = hintOfImage(container.spec.image ?? '')?.what === 'ships logs';
  return (
    isImage ||
    /(^|[-_])(log|logs|logger|logging|shipper|tailer)([-_\d]|$)/.test(container.name) ||
    /\btail\s+-/.test(commandLine(container))
  );
}
