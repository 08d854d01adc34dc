import { kustomizations } from '../manifests/kustomizations.ts';
import { goldenObjects, type KubernetesObject } from '../manifests/manifests.ts';

/** Names of the namespaces that the manifests of k8s/ create. */
export const namespaces: ReadonlyMap<string, KubernetesObject> = new Map(
  kustomizations
    .flatMap(goldenObjects)
    .filter(({ kind }) => kind === 'Namespace')
    .map((object) => [object.metadata.name, object]),
);
