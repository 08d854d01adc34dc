import { isPlaceholder } from '../pod/container.ts';
import type { Rule } from './rule.ts';

export const imageNotPinned: Rule = {
  id: 'image-not-pinned',
  severity: 'warning',
  why: 'Without a tag, or with latest, replicas of one Deployment may run different versions, a restart may start a new one, and a rollback restores nothing.',
  fix: 'Name a version, ideally with its digest.',
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
