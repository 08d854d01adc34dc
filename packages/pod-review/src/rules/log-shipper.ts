import { commandLine } from '../pod/environment.ts';
import { programOfImage } from '../roles/programs/find-program.ts';
import { shipsLogs } from '../roles/programs/sidecars.ts';
import type { ContainerWithRole } from '../roles/role.ts';

/** Whether a container is there to carry logs away. */
export function isLogShipper(container: ContainerWithRole): boolean {
  if (container.role !== 'sidecar') return false;
  const isImage = programOfImage(container.spec.image ?? '')?.program.what === shipsLogs;
  return (
    isImage ||
    /(^|[-_])(log|logs|logger|logging|shipper|tailer)([-_\d]|$)/.test(container.name) ||
    /\btail\s+-/.test(commandLine(container))
  );
}
