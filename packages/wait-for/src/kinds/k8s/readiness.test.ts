import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../testing/attempt.ts';
import { countReadyPods, judgeObject, readyEndpoints } from './readiness.ts';
import type { KubeSpec } from './spec.ts';

const specOf = (line: string) => targetOf(line).spec as KubeSpec; // all lines here are of k8s:

const conditions = (...list: ReadonlyArray<readonly [type: string, status: string, reason?: string]>) => ({
  conditions: list.map(([type, status, reason]) => ({
    type,
    status,
    reason,
    message: reason && `because ${reason}`,
  })),
});

describe('judgeObject', () => {
  it.each([
    ['k8s:job/x', { status: {} }, { reason: 'not-ready' }],
    ['k8s:job/x', { status: conditions(['Complete', 'True']) }, { ok: true }],
    ['k8s:job/x', { status: conditions(['Suspended', 'True']) }, { reason: 'not-ready' }],
    ['k8s:job/x', { status: conditions(['SuccessCriteriaMet', 'True']) }, { reason: 'not-ready' }],
    [
      'k8s:job/x',
      { status: conditions(['FailureTarget', 'True'], ['Failed', 'True', 'BackoffLimitExceeded']) },
      { reason: 'failed', detail: 'jobs/x is Failed (BackoffLimitExceeded: because BackoffLimitExceeded)' },
    ],
    ['k8s:job/x cond=Failed', { status: conditions(['Failed', 'True']) }, { ok: true }],
    ['k8s:job/x cond=Failed', { status: conditions(['Complete', 'True']) }, { reason: 'failed' }],
    ['k8s:pod/x', { kind: 'Pod', status: conditions(['Ready', 'True']) }, { ok: true }],
    [
      'k8s:pod/x',
      { kind: 'Pod', status: conditions(['Ready', 'False', 'ContainersNotReady']) },
      { reason: 'not-ready', detail: expect.stringContaining('ContainersNotReady') },
    ],
    [
      'k8s:pod/x',
      { kind: 'Pod', status: { phase: 'Failed', ...conditions(['Ready', 'False']) } },
      { reason: 'failed', detail: 'pods/x has ended: Failed' },
    ],
    ['k8s:pod/x', { kind: 'Pod', status: { phase: 'Succeeded' } }, { reason: 'failed' }],
    [
      'k8s:pod/x cond=Ready=False',
      { kind: 'Pod', status: { phase: 'Succeeded', ...conditions(['Ready', 'False']) } },
      { ok: true },
    ],
    ['k8s:a.io/v1/things/x', { status: conditions(['Ready', 'True']) }, { ok: true }],
    ['k8s:a.io/v1/things/x', { status: conditions(['Ready', 'Unknown']) }, { reason: 'not-ready' }],
    ['k8s:a.io/v1/things/x', {}, { reason: 'not-ready', detail: 'things/x has no condition Ready yet' }],
    ['k8s:a.io/v1/things/x', 'not an object', { reason: 'not-ready' }],
    ['k8s:a.io/v1/things/x cond=Synced=False', { status: conditions(['Synced', 'False']) }, { ok: true }],
  ])('%s of %j', (line, object, outcome) => {
    expect(judgeObject(specOf(line), object)).toMatchObject(outcome);
  });

  const rolledOut = {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
  };
  it.each([
    ['', rolledOut, { ok: true }],
    [
      '',
      { ...rolledOut, observedGeneration: 1 },
      { detail: 'deployments/x has a change that its controller has not seen yet' },
    ],
    ['', { ...rolledOut, updatedReplicas: 1 }, { detail: 'deployments/x has 1 of 3 replicas updated' }],
    ['', { ...rolledOut, replicas: 4 }, { detail: 'deployments/x has 1 old replicas left' }],
    ['', { ...rolledOut, availableReplicas: 2 }, { detail: 'deployments/x has 2 of 3 replicas available' }],
    [
      '',
      {
        ...rolledOut,
        availableReplicas: 2,
        ...conditions(['Progressing', 'False', 'ProgressDeadlineExceeded']),
      },
      { reason: 'not-ready', detail: expect.stringContaining('past its progress deadline') },
    ],
    ['', {}, { reason: 'not-ready' }],
    ['min=2', { readyReplicas: 2 }, { ok: true }],
    ['min=2', { readyReplicas: 1 }, { reason: 'not-ready', detail: 'deployments/x: 1 of 2 ready' }],
    ['cond=Available', conditions(['Available', 'True']), { ok: true }],
  ])('k8s:deployment/x %s with the status %j', (keys, status, outcome) => {
    const object = { metadata: { generation: 2 }, spec: { replicas: 3 }, status };
    expect(judgeObject(specOf(`k8s:deployment/x ${keys}`), object)).toMatchObject(outcome);
  });

  it('treats a deployment with 0 replicas as rolled out', () => {
    const object = { metadata: { generation: 1 }, spec: { replicas: 0 }, status: { observedGeneration: 1 } };
    expect(judgeObject(specOf('k8s:deployment/x'), object)).toMatchObject({ ok: true });
  });

  const upToDate = {
    observedGeneration: 1,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: 'a',
    updateRevision: 'a',
  };
  it.each([
    [{}, upToDate, { ok: true }],
    [{}, { ...upToDate, readyReplicas: 2 }, { detail: 'statefulsets/x has 2 of 3 replicas ready' }],
    [
      {},
      { ...upToDate, updateRevision: 'b', updatedReplicas: 1 },
      { detail: 'statefulsets/x has 1 of 3 replicas updated' },
    ],
    [
      { rollingUpdate: { partition: 2 } },
      { ...upToDate, updateRevision: 'b', updatedReplicas: 1 },
      { ok: true },
    ],
    [{ type: 'OnDelete' }, { ...upToDate, updateRevision: 'b', updatedReplicas: 0 }, { ok: true }],
    [{}, { ...upToDate, observedGeneration: 0 }, { reason: 'not-ready' }],
  ])('k8s:statefulset/x with %j and the status %j', (updateStrategy, status, outcome) => {
    const object = { metadata: { generation: 1 }, spec: { replicas: 3, updateStrategy }, status };
    expect(judgeObject(specOf('k8s:statefulset/x'), object)).toMatchObject(outcome);
  });
});

it('counts ready pods that are not being deleted', () => {
  const pod = (status: string, more: object = {}) => ({
    metadata: more,
    status: conditions(['Ready', status]),
  });
  expect(countReadyPods([pod('True'), pod('False'), pod('True', { deletionTimestamp: 'now' }), {}])).toBe(1);
});

it('counts an endpoint once for all its addresses', () => {
  const slice = (family: string, endpoints: readonly object[]) => ({ addressType: family, endpoints });
  const endpoint = (address: string, uid: string, ready?: boolean) => ({
    addresses: [address],
    conditions: ready === undefined ? {} : { ready },
    targetRef: { kind: 'Pod', uid },
  });
  const slices = [
    slice('IPv4', [
      endpoint('10.0.0.1', 'a', true),
      endpoint('10.0.0.2', 'b', false),
      endpoint('10.0.0.3', 'c'),
    ]),
    slice('IPv6', [endpoint('fd00::1', 'a', true), endpoint('fd00::2', 'b', false)]),
    slice('IPv4', [{ addresses: ['192.0.2.1'], conditions: { ready: true } }]),
    { addressType: 'IPv4', endpoints: null },
  ];
  expect([...readyEndpoints(slices)]).toEqual(['a', 'c', '192.0.2.1']);
});

/** Objects of any shape with the field names of an API server. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'status',
          'spec',
          'metadata',
          'conditions',
          'type',
          'phase',
          'kind',
          'endpoints',
          'addresses',
          'ready',
        ],
        ...[
          'targetRef',
          'uid',
          'replicas',
          'readyReplicas',
          'generation',
          'updateStrategy',
          '__proto__',
          'constructor',
          'toString',
        ],
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

it.each([
  'k8s:job/x',
  'k8s:pod/x',
  'k8s:deployment/x',
  'k8s:deployment/x min=2',
  'k8s:statefulset/x',
  'k8s:a.io/v1/b/c cond=A',
])('has an outcome for any object of %s', (line) => {
  const spec = specOf(line);
  fc.assert(
    fc.property(anything, (object) => {
      expect(judgeObject(spec, object)).toHaveProperty('detail');
    }),
    { numRuns: 500 },
  );
});

it('takes an object in the place of a text for no text', () => {
  const odd = { toString: null };
  expect([
    ...readyEndpoints([{ endpoints: [{ targetRef: { uid: odd }, addresses: ['192.0.2.1'] }] }]),
  ]).toEqual(['192.0.2.1']);
  const conditions = [{ type: 'Ready', status: odd, reason: odd, message: odd }];
  expect(judgeObject(specOf('k8s:pod/x'), { status: { conditions } })).toMatchObject({ ok: false });
});

it('counts in any value of a list', () => {
  fc.assert(
    fc.property(fc.array(anything), (items) => {
      expect(countReadyPods(items)).toBeLessThanOrEqual(items.length);
      expect(readyEndpoints(items).size).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
