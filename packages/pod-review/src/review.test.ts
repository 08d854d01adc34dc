import { describe, expect, it } from 'vitest';
import { container, type Data, documents, sidecar, web, workload } from '../testing/manifests.ts';
import { type ReviewOptions, review } from './review.ts';
import { rules } from './rules/index.ts';

const db = container('db', 'postgres:16');
const read = (objects: readonly Data[], options?: ReviewOptions) =>
  review([{ name: 'a.yaml', text: documents(objects) }], options);

describe('verdict', () => {
  it('is inappropriate only for a pod whose containers need separate pods', () => {
    const { pods } = read([
      workload({ containers: [web, db] }),
      workload({ containers: [web] }, { name: 'other' }),
    ]);
    expect(pods.map(({ verdict }) => verdict)).toEqual(['inappropriate', 'fine']);
  });

  it('is fine if an option, or an annotation with a reason, ignores the rule', () => {
    const annotated = workload(
      { containers: [web, db] },
      { annotations: { 'pod-review/ignore': 'datastore-beside-app: a demo on one node' } },
    );
    const verdicts = [
      read([annotated]),
      read([workload({ containers: [web, db] })], { ignore: new Set(['datastore-beside-app']) }),
    ];
    expect(verdicts.map(({ pods }) => pods[0]?.verdict)).toEqual(['fine', 'fine']);
  });
});

describe('ignore annotation', () => {
  it('ignores only its own rules, on the object or the template', () => {
    const object = workload({ containers: [web] });
    const withMeta = {
      ...object,
      metadata: {
        name: 'app',
        annotations: { 'pod-review/ignore': 'missing-limits: a demo; image-not-pinned: built here' },
      },
    };
    const found = read([withMeta]).findings.map(({ rule }) => rule);
    expect(found).not.toContain('missing-limits');
    expect(found).toContain('restricted-violation');
  });

  it('has no effect without a reason', () => {
    const object = workload(
      { containers: [web] },
      { annotations: { 'pod-review/ignore': 'missing-limits' } },
    );
    expect(read([object]).findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['missing-limits', 'ignore-without-reason']),
    );
  });
});

describe('pods', () => {
  it.each(['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'])(
    'are found in a %s',
    (kind) => {
      const { pods } = read([workload({ containers: [web], restartPolicy: 'Never' }, { kind })]);
      expect(pods.map(({ pod }) => pod.id)).toEqual([`${kind}/app`]);
    },
  );

  it('are found in a List and in each document, with their lines', () => {
    const text = `${documents([{ apiVersion: 'v1', kind: 'List', items: [workload({ containers: [web] })] }])}\n---\n${documents([workload({ containers: [web] }, { name: 'b' })])}`;
    const { pods } = review([{ name: 'a.yaml', text }]);
    expect(pods.map(({ pod }) => [pod.object.name, pod.position.line])).toEqual([
      ['app', 1],
      ['b', 3],
    ]);
  });
});

describe('findings', () => {
  it('of one broken file do not stop the review of others', () => {
    const { files, findings, pods } = review([
      { name: 'broken.yaml', text: 'a: [' },
      { name: 'gone.yaml', fault: 'EACCES' },
      { name: 'fine.yaml', text: documents([workload({ containers: [web] })]) },
    ]);
    expect([files, pods.length]).toEqual([3, 1]);
    expect(findings.filter(({ rule }) => rule === 'unreadable').map(({ file }) => file)).toEqual([
      'broken.yaml',
      'gone.yaml',
    ]);
  });

  it('are sorted by file and line', () => {
    const { findings } = review(
      ['b.yaml', 'a.yaml'].map((name) => ({
        name,
        text: documents([workload({ containers: [web, db], initContainers: [sidecar('s', 'x')] })]),
      })),
    );
    const places = findings.map(({ file, line }) => `${file} ${String(line).padStart(5)}`);
    expect(places).toEqual([...places].sort());
  });

  it('point to the value behind an alias', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - &a\n      name: one\n      image: b:1\n      imagePullPolicy: Sometimes\n    - <<: *a\n      name: two\n';
    const found = review([{ name: 'a.yaml', text }]).findings.filter(({ rule }) => rule === 'invalid-value');
    expect(found.map(({ line, container: name }) => [line, name])).toEqual([
      [9, 'one'],
      [10, 'two'],
    ]);
  });
});

describe('rules', () => {
  it('are at least 25, with unique ids in kebab-case', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(25);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('each have a reason, a remedy and a link', () => {
    for (const { why, fix, link } of rules) {
      expect(why.length).toBeGreaterThan(40);
      expect(fix.length).toBeGreaterThan(10);
      expect(link).toMatch(/^https:\/\/\S+$/);
    }
  });
});
