import { isPlaceholder } from '../pod/container.ts';
import type { Rule } from './rule.ts';

export const imageNotPinned: Rule = {
  id: 'image-not-pinned',
  severity: 'warning',
  why: 'Without a tag, or with latest, the replicas of one Deployment may run different versions, a restart may bring a new one, and a rollback brings nothing back.',
  fix: 'Name a version, best with its digest.',
  link: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  check: {
    *pod(pod) {
      for (const container of pod.containers) {
        const { name, spec, path } = container;
        const { image = '' } = spec;
        const tag = /:([^/:]+)$/.exec(image)?.[1];
        if (image === '' || isPlaceholder(container) || image.includes('@')) continue;
        if (tag !== undefined && tag !== 'latest') continue;
        yield { path: [...path, 'image'], container: name, message: `${image} names no version` };
      }
    },
  },
};
