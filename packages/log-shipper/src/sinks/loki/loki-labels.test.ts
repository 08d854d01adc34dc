import { describe, expect, it } from 'vitest';
import { fixedMetadata, lokiLabelName, streamLabels } from './loki-labels.ts';

const pod = { name: 'web-1', namespace: 'shop', node: 'n1', uid: 'u1' };

describe('lokiLabelName', () => {
  it.each([
    ['team', 'team'],
    ['app.kubernetes.io/name', 'app_kubernetes_io_name'],
    ['a-b', 'a_b'],
  ])('maps %s to %s', (name, expected) => {
    expect(lokiLabelName(name)).toBe(expected);
  });
});

describe('streamLabels', () => {
  it('are the configured labels, the namespace, the pod and the file, nothing with many values', () => {
    expect(streamLabels({ labels: { 'app.name': 'web' }, pod }, '/a.log')).toEqual({
      ...{ app_name: 'web', namespace: 'shop', pod: 'web-1', file: '/a.log' },
    });
    expect(streamLabels({ labels: {}, pod: {} }, '/a.log')).toEqual({ file: '/a.log' });
  });

  it('never replace a configured label', () => {
    const labels = { file: 'mine', _file: 'mine too', pod: 'x' };
    expect(streamLabels({ labels, pod }, '/a.log')).toEqual({
      ...{ ...labels, namespace: 'shop', _pod: 'web-1', __file: '/a.log' },
    });
  });
});

describe('fixedMetadata', () => {
  it('has the other known fields', () => {
    expect(fixedMetadata({ labels: {}, pod })).toEqual({ node: 'n1', pod_uid: 'u1' });
    expect(fixedMetadata({ labels: {}, pod: { name: 'web-1' } })).toEqual({});
  });
});
