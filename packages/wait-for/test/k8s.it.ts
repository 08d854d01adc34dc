import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { makeCertificates, openssl } from '../testing/certificates.ts';
import { type KubeApi, startKubeApi } from '../testing/kube-api.ts';
import { run, start } from '../testing/run.ts';

/** Runs against an API server that answers like the real one. */

interface Cluster extends AsyncDisposable {
  readonly api: KubeApi;
  readonly folder: string;
  /** The arguments and environment of a pod in it. */
  readonly args: readonly string[];
  run(...args: readonly string[]): ReturnType<typeof run>;
}

async function cluster(): Promise<Cluster> {
  const resources = new AsyncDisposableStack();
  const certificates = resources.use(makeCertificates());
  const dir = resources.use(tempDir());
  const folder = dir.file('account');
  mkdirSync(folder);
  const api = resources.use(await startKubeApi(certificates, folder));
  const args = ['--service-account-dir', folder];
  return {
    api,
    folder,
    args,
    run: (...more) => run([...args, ...more], api.env),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const slicesPath = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices';
const podsPath = '/api/v1/namespaces/shop/pods';

const readyPod = (name: string) => ({
  metadata: { name },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const slice = (...ready: readonly boolean[]) => ({
  endpoints: ready.map((isReady, index) => ({
    addresses: [`10.0.0.${index}`],
    conditions: { ready: isReady },
    targetRef: { uid: String(index) },
  })),
});

describe('k8s', needs(openssl), () => {
  it('asks for each Service by its own name, and counts ready endpoints', async () => {
    await using kube = await cluster();
    kube.api.answers.set(slicesPath, (request, response) => {
      const labels = new URL(request.url ?? '', 'https://kube').searchParams.get('labelSelector');
      const items =
        labels === 'kubernetes.io/service-name=redis' ? [slice(true, true, false)] : [slice(false)];
      response.end(JSON.stringify({ items }));
    });
    const ran = await kube.run(
      'k8s:endpoints/redis min=2 name=redis',
      'k8s:endpoints/api name=api',
      '--once',
    );
    expect(ran.code).toBe(124);
    expect(ran.log.at(-1)?.['targets']).toEqual([
      expect.objectContaining({ target: 'api', state: 'waiting', reason: 'not-ready' }),
      expect.objectContaining({ target: 'redis', state: 'ready' }),
    ]);
    expect(ran.stderr.join('\n')).toContain('Service api: 0 of 1 ready');
  });

  it('reads a list page by page, and starts again if a page has expired', async () => {
    await using kube = await cluster();
    const asked: string[] = [];
    kube.api.answers.set(podsPath, (request, response) => {
      const query = new URL(request.url ?? '', 'https://kube').searchParams;
      const next = query.get('continue');
      asked.push(next ?? 'first');
      expect(query.get('labelSelector')).toBe('app=web,tier!=test');
      expect(query.get('limit')).toBe('50');
      if (next === null) {
        return response.end(JSON.stringify({ metadata: { continue: 'page2' }, items: [readyPod('a')] }));
      }
      // the first time it has expired: etcd keeps old versions for 5 minutes
      if (asked.length === 2) {
        const body = {
          kind: 'Status',
          reason: 'Expired',
          message: 'The provided continue parameter is too old',
          code: 410,
        };
        return response.writeHead(410).end(JSON.stringify(body));
      }
      return response.end(JSON.stringify({ metadata: {}, items: [readyPod('b')] }));
    });
    const ran = await kube.run('k8s:pod?l=app=web,tier!=test min=2 interval=20ms', '--timeout=20s');
    expect(ran.code).toBe(0);
    expect(asked).toEqual(['first', 'page2', 'first', 'page2']);
    expect(ran.log[0]).toMatchObject({
      reason: 'http-status',
      detail: expect.stringContaining('answers 410: The provided'),
    });
  });

  it('waits until an object exists and is ready', async () => {
    await using kube = await cluster();
    const path = '/apis/batch/v1/namespaces/shop/jobs/migrate';
    await using program = start(
      [...kube.args, 'k8s:job/migrate interval=20ms', '--timeout=30s'],
      kube.api.env,
    );
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'not-found' });
    kube.api.objects.set(path, { status: { active: 1 } });
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'not-ready' });
    kube.api.objects.set(path, { status: { conditions: [{ type: 'Complete', status: 'True' }] } });
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });

  it.each([
    ['k8s:pod/web-0', `${podsPath}/web-0`, readyPod('web-0')],
    [
      'k8s:deployment/api ns=other',
      '/apis/apps/v1/namespaces/other/deployments/api',
      { spec: { replicas: 0 } },
    ],
    [
      'k8s:statefulset/db min=1',
      '/apis/apps/v1/namespaces/shop/statefulsets/db',
      { status: { readyReplicas: 1 } },
    ],
    [
      'k8s:a.io/v1/things/x cond=Synced',
      '/apis/a.io/v1/namespaces/shop/things/x',
      { status: { conditions: [{ type: 'Synced', status: 'True' }] } },
    ],
    [
      'k8s:core/v1/nodes/n1 ns=',
      '/api/v1/nodes/n1',
      { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    ],
  ])('%s is at %s', async (target, path, object) => {
    await using kube = await cluster();
    kube.api.objects.set(path, object);
    expect(await kube.run(target, '--once')).toMatchObject({ code: 0 });
    expect(kube.api.requests.map((request) => request.path)).toEqual([path]);
  });

  it('prints the missing Role for its own account, instead of missing endpoints', async () => {
    await using kube = await cluster();
    kube.api.forbidden.add(slicesPath);
    const ran = await kube.run('k8s:endpoints/redis', '--format=text');
    expect(ran.code).toBe(3);
    const text = ran.stderr.join('\n');
    expect(text).toContain('denied');
    expect(text).not.toContain('0 of 1');
    expect(text).toContain(
      '  - {apiGroups: ["discovery.k8s.io"], resources: [endpointslices], verbs: [list]}',
    );
    expect(text).toContain('  - {kind: ServiceAccount, name: web, namespace: shop}');
    expect(ran.terminationLog).toMatch(/^wait-for: failed after .*denied/);
  });

  it('reports all denied objects with one Role for all of them', async () => {
    await using kube = await cluster();
    const paths = [slicesPath, '/apis/batch/v1/namespaces/shop/jobs/migrate', `${podsPath}/web-0`];
    for (const path of paths) kube.api.forbidden.add(path);
    // slightly later tries used to be cut off before their answer
    kube.api.answers.set(
      podsPath,
      (_, response) => void setTimeout(() => response.writeHead(403).end('{}'), 300),
    );
    const targets = ['k8s:endpoints/redis', 'k8s:job/migrate', 'k8s:pod/web-0', 'k8s:pod?l=app=web'];
    const ran = await kube.run(...targets);
    expect(ran.code).toBe(3);
    const lines = ran.log.filter(({ msg }) => msg === 'failed');
    expect(lines.map(({ target }) => target).sort()).toEqual([...targets].sort());
    expect(new Set(lines.map(({ reason }) => reason))).toEqual(new Set(['denied']));
    const advice = lines
      .map(({ detail }) => String(detail))
      .filter((detail) => detail.includes('kind: Role'));
    expect(advice).toHaveLength(1);
    const [role] = parseAllDocuments(advice[0]?.slice(advice[0].indexOf('apiVersion')) ?? '').map((one) =>
      one.toJS(),
    );
    expect(role.metadata).toEqual({
      name: expect.stringMatching(/^wait-for-web-get-list-/),
      namespace: 'shop',
    });
    expect(role.rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: ['web-0'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'], resourceNames: ['migrate'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    ]);
  });

  it('reads the token again for each request', async () => {
    await using kube = await cluster();
    await using program = start([...kube.args, 'k8s:job/x interval=20ms', '--timeout=30s'], kube.api.env);
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'not-found' });
    kube.api.setToken('second');
    kube.api.objects.set('/apis/batch/v1/namespaces/shop/jobs/x', {
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(new Set(kube.api.requests.map(({ token }) => token)).size).toBe(2);
    expect(program.stderr.join('\n')).not.toContain('e30.');
  });

  it('says what to set if there is no token', async () => {
    await using kube = await cluster();
    rmSync(`${kube.folder}/token`);
    const ran = await kube.run('k8s:job/x', '--format=text');
    expect(ran.code).toBe(3);
    expect(ran.stderr.join('\n')).toMatch(
      /auth: no service account token.*\nSet automountServiceAccountToken: true/,
    );
  });

  it('does not trust another API server', async () => {
    await using kube = await cluster();
    await using other = await cluster();
    const ran = await run([...other.args, 'k8s:job/x', '--once'], kube.api.env);
    expect(ran.log[0]).toMatchObject({ reason: 'tls-untrusted' });
  });

  it.each([
    ['half an object', '{"status":{"conditions":[', 'http-body', 'the answer is not JSON'],
    ['no object', '[]', 'not-ready', 'has no condition Complete yet'],
    ['nothing', 'null', 'not-ready', 'has no condition Complete yet'],
    ['no JSON', '<html>', 'http-body', 'the answer is not JSON'],
  ])('waits if the API sends %s', async (_, text, reason, words) => {
    await using kube = await cluster();
    kube.api.answers.set('/apis/batch/v1/namespaces/shop/jobs/x', (__, response) => response.end(text));
    const ran = await kube.run('k8s:job/x', '--once');
    expect(ran.code).toBe(124);
    expect(ran.log[0]).toMatchObject({ reason, detail: expect.stringContaining(words) });
  });

  it('reports a reset if the API hangs up within its answer', async () => {
    await using kube = await cluster();
    kube.api.answers.set('/apis/batch/v1/namespaces/shop/jobs/x', (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"status":');
      setImmediate(() => response.destroy());
    });
    expect((await kube.run('k8s:job/x', '--once')).log[0]).toMatchObject({ reason: 'reset' });
  });

  it('gives up on a slow answer after the timeout of a try', async () => {
    await using kube = await cluster();
    kube.api.answers.set('/apis/batch/v1/namespaces/shop/jobs/x', () => {});
    const ran = await kube.run('k8s:job/x timeout=3s', '--once');
    expect(ran.log[0]).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('no response within 3s'),
    });
  });

  it.each([
    [429, 'Too many requests'],
    [500, 'etcdserver: leader changed'],
    [503, 'no words but these'],
  ])('treats %i as temporary', async (code, message) => {
    await using kube = await cluster();
    kube.api.answers.set('/apis/batch/v1/namespaces/shop/jobs/x', (_, response) => {
      response
        .writeHead(code)
        .end(code === 503 ? message : JSON.stringify({ kind: 'Status', message, code }));
    });
    const ran = await kube.run('k8s:job/x', '--once', '--strict');
    expect(ran).toMatchObject({ code: 124 });
    expect(ran.log[0]).toMatchObject({
      reason: 'http-status',
      detail: expect.stringContaining(`answers ${code}`),
    });
  });

  it.each([
    [{ KUBERNETES_SERVICE_HOST: undefined }, 'k8s: KUBERNETES_SERVICE_HOST is not set: not in a cluster'],
    [{ KUBERNETES_SERVICE_PORT: undefined }, 'k8s: KUBERNETES_SERVICE_PORT is not set: not in a cluster'],
    [{ KUBERNETES_SERVICE_PORT: '' }, 'k8s: KUBERNETES_SERVICE_PORT is not set: not in a cluster'],
    [
      { KUBERNETES_SERVICE_PORT: 'tcp://10.96.0.1:443' },
      'k8s: KUBERNETES_SERVICE_PORT "tcp://10.96.0.1:443": the port is not a number',
    ],
    [
      { KUBERNETES_SERVICE_PORT: '70000' },
      'k8s: KUBERNETES_SERVICE_PORT "70000": port out of range: expected 1 to 65535',
    ],
    [
      { KUBERNETES_SERVICE_HOST: 'a b' },
      'k8s: KUBERNETES_SERVICE_HOST "a b": is neither a name nor an address',
    ],
    [
      { KUBERNETES_SERVICE_HOST: 'fe80::1%eth0' },
      'k8s: KUBERNETES_SERVICE_HOST "fe80::1%eth0": is neither a name nor an address',
    ],
  ])('is a usage error with the environment %j', async (env, fault) => {
    const cluster = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const ran = await run(['k8s:job/x optional', 'file:/'], { ...cluster, ...env });
    expect(ran).toMatchObject({ code: 2, stderr: [`wait-for: ${fault}`] });
  });

  it.each([
    ['token', 'two\nlines', 'token contains no token'],
    ['token', '', 'token contains no token'],
    ['token', 'ä', 'token contains no token'],
    ['namespace', '', 'namespace contains no namespace name'],
    ['namespace', 'a/../b', 'namespace contains no namespace name'],
    ['ca.crt', '', 'ca.crt contains no certificate in PEM'],
    ['ca.crt', '-----BEGIN CERTIFICATE-----\nMIIB', 'ca.crt contains no certificate in PEM'],
  ])('waits for a %s that is half written: %j', async (file, text, words) => {
    await using kube = await cluster();
    kube.api.objects.set('/apis/batch/v1/namespaces/shop/jobs/x', {
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    });
    const whole = readFileSync(`${kube.folder}/${file}`);
    writeFileSync(`${kube.folder}/${file}`, text);
    await using program = start([...kube.args, 'k8s:job/x interval=20ms', '--timeout=30s'], kube.api.env);
    const line = await program.waitForLog('waiting');
    expect(line).toMatchObject({ reason: 'mismatch', detail: expect.stringContaining(words) });
    writeFileSync(`${kube.folder}/${file}`, whole);
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });
});
