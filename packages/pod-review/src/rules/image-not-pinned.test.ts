import { container, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { imageNotPinned } from './image-not-pinned.ts';

const of = (image: string) => workload({ containers: [container('a', image)] });

testRule(imageNotPinned, {
  fires: [
    ['no tag', of('nginx'), { container: 'a' }],
    ['an image named auto', of('example.com/auto')],
    ['latest', of('nginx:latest')],
    ['a registry’s port, which is no tag', of('registry.example.com:5000/nginx')],
  ],
  passes: [
    ['the placeholder of Istio’s injection', of('auto')],
    ['a tag', of('nginx:1.27')],
    ['a digest', of('nginx@sha256:abcd')],
    ['a tag behind a registry’s port', of('registry.example.com:5000/nginx:1.27')],
  ],
});
