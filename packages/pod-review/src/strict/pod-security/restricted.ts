import { isOwnProfile, unusualProcMount } from './baseline.ts';
import { type Check, hasOwnUsers, isWindows, ofContainers, ofContexts, ofPod, unless } from './check.ts';

const volumeSources = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/** Further checks of the level restricted: k8s.io/pod-security-admission/policy at Kubernetes 1.37. */
export const restricted: readonly Check[] = [
  {
    id: 'restrictedVolumes',
    replaces: 'hostPathVolumes',
    find: ofPod(function* ({ spec: { volumes = [] } }) {
      for (const { name, ...sources } of volumes) {
        // one without a source is an emptyDir
        const [kind = 'emptyDir'] = Object.keys(sources);
        if (!volumeSources.has(kind)) yield `the volume ${name} is a ${kind}`;
      }
    }),
  },
  {
    id: 'runAsNonRoot',
    find: unless(hasOwnUsers, function* ({ spec, containers }) {
      const common = spec.securityContext?.runAsNonRoot;
      if (common === false) yield { says: 'runAsNonRoot is false', container: undefined };
      for (const { spec: own, path } of containers) {
        if ((own.securityContext?.runAsNonRoot ?? common) !== true)
          yield { says: 'runAsNonRoot is not true', container: path };
      }
    }),
  },
  {
    id: 'runAsUser',
    since: 23,
    find: unless(
      hasOwnUsers,
      ofContexts(({ runAsUser }) => (runAsUser === 0 ? ['runAsUser is 0'] : [])),
    ),
  },
  {
    id: 'seccompProfile_restricted',
    since: 19,
    replaces: 'seccompProfile_baseline',
    find: unless(isWindows, function* ({ spec, containers }) {
      const common = spec.securityContext?.seccompProfile?.type;
      if (common !== undefined && !isOwnProfile(common))
        yield { says: `seccompProfile is ${common}`, container: undefined };
      for (const { spec: own, path } of containers) {
        const type = own.securityContext?.seccompProfile?.type;
        if (type !== undefined && !isOwnProfile(type))
          yield { says: `seccompProfile is ${type}`, container: path };
        else if (type === undefined && common === undefined)
          yield { says: 'no seccompProfile', container: path };
      }
    }),
  },
  {
    id: 'allowPrivilegeEscalation',
    since: 8,
    find: unless(
      isWindows,
      ofContainers(({ securityContext }) =>
        securityContext?.allowPrivilegeEscalation === false ? [] : ['allowPrivilegeEscalation is not false'],
      ),
    ),
  },
  {
    id: 'capabilities_restricted',
    since: 22,
    replaces: 'capabilities_baseline',
    find: unless(
      isWindows,
      ofContainers(function* ({ securityContext }) {
        const { add = [], drop = [] } = securityContext?.capabilities ?? {};
        const added = add.filter((one) => one !== 'NET_BIND_SERVICE');
        if (!drop.includes('ALL')) yield 'capability ALL is not dropped';
        if (added.length > 0) yield `capabilities are added (${added.join(', ')})`;
      }),
    ),
  },
  {
    id: 'procMount_restricted',
    since: 35,
    replaces: 'procMount',
    find: ofContainers(unusualProcMount),
  },
];
