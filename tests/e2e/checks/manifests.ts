import { kustomizations } from '../../manifests/kustomizations.ts';
import { goldenObjects } from '../../manifests/manifests.ts';
import type { ClusterCheck } from '../check.ts';
import type { Kubectl } from '../kubectl.ts';
import { namespaces } from '../namespaces.ts';

const verb = ['apply', '--server-side', '--validate=strict', '--field-manager=e2e'];

/** The API server accepts every manifest without a warning about deprecated, unknown or forbidden fields. */
export const manifests: ClusterCheck = {
  title: 'every manifest, server-side and strict',
  async see(cluster) {
    const known = await kindsOf(cluster);
    let sent = 0;
    const all = kustomizations.map((folder) => ({ folder, objects: goldenObjects(folder) }));
    try {
      // with their labels, so that the API server warns about pods that it would refuse
      await cluster.send([...namespaces.values()], ...verb);
      for (const { folder, objects } of all) {
        const ours = objects.filter(({ kind, apiVersion }) => known.has(`${apiVersion} ${kind}`));
        const warnings = await cluster.send(ours, ...verb, '--dry-run=server');
        if (warnings !== '') throw new Error(`${folder}: ${warnings}`);
        sent += ours.length;
      }
    } finally {
      await cluster.run('delete', 'namespace', ...namespaces.keys());
    }
    const objects = all.reduce((sum, { objects: { length } }) => sum + length, 0);
    return `${all.length} kustomizations, ${sent} objects, 0 warnings; ${objects - sent} of kinds that this cluster lacks`;
  },
};

/** Kinds that the cluster knows, as `apps/v1 Deployment`. */
async function kindsOf(cluster: Kubectl): Promise<Set<string>> {
  const table = await cluster.run('api-resources', '--no-headers');
  return new Set(
    table.split('\n').map((line) => {
      const [kind = '', , version = ''] = line.trim().split(/\s+/).reverse();
      return `${version} ${kind}`;
    }),
  );
}
