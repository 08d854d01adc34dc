import { describe, expect, it } from 'vitest';
import { container, type Data, documents, httpGet, sidecar, web, workload } from '../../testing/manifests.ts';
import { drawPods } from './draw-pods.ts';

const mount = (readOnly = false) => ({
  volumeMounts: [{ name: 'logs', mountPath: '/var/log/app', readOnly }],
});

const pod = workload(
  {
    containers: [
      container('web', 'nginx:1.27', { ...mount(), ports: [{ containerPort: 8080, name: 'http' }] }),
    ],
    initContainers: [
      container('wait-for', 'pod-patterns/wait-for:0.1.0'),
      sidecar('log-shipper', 'pod-patterns/log-shipper:0.1.0', {
        ...mount(true),
        startupProbe: httpGet('admin', '/readyz'),
      }),
      sidecar('ambassador', 'pod-patterns/redis-ambassador:0.1.0'),
    ],
    volumes: [{ name: 'logs', emptyDir: { sizeLimit: '64Mi' } }],
    terminationGracePeriodSeconds: 60,
  },
  { replicas: 3 },
);

const draw = (objects: readonly Data[], format: 'svg' | 'mermaid') =>
  drawPods([{ name: 'x.yaml', text: documents(objects) }], { format, version: '1.33' });

describe('SVG', () => {
  const svg = draw([pod], 'svg');

  it('shows the containers from left to right in start order', () => {
    const titles = [...svg.matchAll(/<title>([\w-]+): \w+, [^<]*<\/title>\n?<rect x="(\d+)"/g)].map(
      ([, name, x]) => [name, Number(x)],
    );
    expect(titles.map(([name]) => name)).toEqual(['wait-for', 'log-shipper', 'ambassador', 'web']);
    const places = titles.map(([, x]) => Number(x));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('shows stop order, start conditions, volumes, ports and facts', () => {
    for (const words of [
      'stops: web  →  ambassador  →  log-shipper',
      'next after its end',
      'next after admin/readyz',
      'next after its start',
      'logs: emptyDir 64Mi',
      '/var/log/app (read-only)',
      ':8080 http',
      '3 replicas',
      'grace period 60 s',
      'fine',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('holds several pods in one picture', () => {
    const height = (text: string) => Number(/height="(\d+)"/.exec(text)?.[1]);
    const two = draw([pod, workload({ containers: [web] }, { name: 'other' })], 'svg');
    expect(height(two)).toBeGreaterThan(height(svg));
    expect(two.match(/<svg /g)).toHaveLength(1);
  });

  it('escapes names', () => {
    const wild = draw([workload({ containers: [container('a<b>&"c', 'x\u0000:1')] })], 'svg');
    expect(wild).toContain('a&lt;b&gt;&amp;&quot;c');
    expect(wild).not.toContain('\u0000');
  });

  it('is empty without pods', () => {
    expect(draw([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }], 'svg')).toMatch(
      /^<svg [\s\S]*<\/svg>\n$/,
    );
  });
});

describe('Mermaid', () => {
  it('draws start order, volumes and the verdict', () => {
    expect(draw([pod], 'mermaid').split('\n').slice(0, 14)).toEqual([
      'flowchart LR',
      '  subgraph p0["Deployment/app: fine<br/>stops: web → ambassador → log-shipper"]',
      '    p0c0["1. wait-for<br/>init"]:::init',
      '    p0c1["2. log-shipper<br/>sidecar, native sidecar"]:::sidecar',
      '    p0c2["3. ambassador<br/>ambassador, native sidecar"]:::ambassador',
      '    p0c3["4. web<br/>app<br/>:8080 http"]:::app',
      '    p0c0 -->|"after its end"| p0c1',
      '    p0c1 -->|"after admin/readyz"| p0c2',
      '    p0c2 -->|"after its start"| p0c3',
      '    p0v0[("logs<br/>emptyDir 64Mi")]',
      '    p0c1 -. "/var/log/app (ro)" .- p0v0',
      '    p0c3 -. "/var/log/app" .- p0v0',
      '  end',
      '  classDef app fill:#e3efff,stroke:#174ea6',
    ]);
  });

  it('escapes the special characters of Mermaid', () => {
    expect(draw([workload({ containers: [container('a"]', 'x:1')] })], 'mermaid')).toContain('a#34;]');
  });
});
