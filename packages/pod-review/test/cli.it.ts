import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { container, documents, sidecar, web, workload } from '../testing/manifests.ts';
import sarifSchema from './schema/sarif-2.1.0.json' with { type: 'json' };

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const root = join(dirname(main), '../../..');

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program to its end; `input` is its stdin. */
async function run(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Ran> {
  const program = spawn(process.execPath, [main, ...args], { cwd: root, env: { ...process.env, ...env } });
  program.stdin.on('error', () => {}); // it may end without reading
  program.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    readText(program.stdout),
    readText(program.stderr),
    once(program, 'close'),
  ]);
  return { code, stdout, stderr };
}

const wrong = documents([workload({ containers: [web, container('db', 'postgres:16')] })]);
const fine = documents([workload({ containers: [web] })]);

describe('the question: what multi-container use case is inappropriate?', () => {
  it.each([
    ['web-and-database', 1, 'inappropriate'],
    ['web-and-statsd', 0, 'fine'],
    ['web-and-rate-limiter', 0, 'fine'],
  ])('%s: exit %i, %s', async (name, code, verdict) => {
    const ran = await run(['--format', 'json', `docs/inappropriate-pod/${name}.yaml`]);
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.stdout).pods).toMatchObject([{ verdict }]);
  });

  it('explains the inappropriate pod and its remedy', async () => {
    const { stdout } = await run(['docs/inappropriate-pod/web-and-database.yaml']);
    expect(stdout).toMatch(/Deployment\/shop: inappropriate/);
    expect(stdout).toMatch(/StatefulSet with its own Service/);
  });
});

describe('exit codes', () => {
  it.each<[string, string[], number]>([
    ['0 without errors', ['-'], 0],
    ['1 for warnings with --fail-on warning', ['--fail-on', 'warning', '-'], 1],
    ['1 for info with --fail-on info', ['--fail-on', 'info', '-'], 1],
    [
      'ignored findings do not count',
      [
        '--fail-on',
        'info',
        '--ignore',
        'missing-limits,restricted-violation',
        '--ignore',
        'service-account-token-unused',
        '-',
      ],
      0,
    ],
    ['hidden findings still count', ['--fail-on', 'warning', '--severity', 'error', '-'], 1],
  ])('%s', async (_, args, code) => {
    expect((await run(args, fine)).code).toBe(code);
  });

  it('1 for an error', async () => {
    expect((await run(['-'], wrong)).code).toBe(1);
  });

  it.each<[string[], RegExp]>([
    [[], /expected PATH/],
    [['no-such-file.yaml'], /"no-such-file.yaml": no such file/],
    [['--format', 'xml', '-'], /--format "xml": expected one of text, json/],
    [
      ['--format', 'svg', '-'],
      /--format "svg": only for pod-review picture; expected text, json, sarif or github/,
    ],
    [['--fail-on', 'never', '-'], /--fail-on "never": expected one of error, warning, info/],
    [['--kubernetes-version', '1.12', '-'], /expected one of 1.33/],
    [['--ignore', 'missing-limit', '-'], /did you mean missing-limits/],
    [['--ignore', 'missing-limit', '--check-config'], /did you mean missing-limits/],
    [['--probe', 'ready', '-'], /^pod-review: --probe: unknown option$/m],
    [['--formt', 'json', '-'], /--formt: unknown option \(did you mean --format\?\)/],
    [['explain', 'no-rule'], /no such rule/],
    [['picture', '--format', 'json', '-'], /svg or mermaid/],
    [['picture'], /expected PATH/],
  ])('2 for %j, with the reason in one line', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('input', () => {
  it('is every manifest in a folder, except kustomizations and hidden files', async () => {
    using dir = tempDir();
    mkdirSync(join(dir.path, 'deep/.git'), { recursive: true });
    writeFileSync(dir.file('a.yaml'), fine);
    writeFileSync(dir.file('deep/b.yml'), wrong);
    writeFileSync(dir.file('deep/c.json'), fine);
    writeFileSync(dir.file('deep/kustomization.yaml'), 'resources: [b.yml]\n');
    writeFileSync(dir.file('deep/notes.txt'), 'not a manifest');
    writeFileSync(dir.file('deep/.git/d.yaml'), wrong);
    const { stdout } = await run(['--format', 'json', dir.path]);
    const { files, pods } = JSON.parse(stdout);
    expect([files, pods.map(({ verdict }: { verdict: string }) => verdict)]).toEqual([
      3,
      ['fine', 'inappropriate', 'fine'],
    ]);
  });

  it('is stdin in the format of kustomize', async () => {
    const { stdout } = await run(['--format', 'json', '-'], `${wrong}\n---\n${fine}\n`);
    expect(JSON.parse(stdout).pods).toMatchObject([
      { file: '<stdin>', line: 1 },
      { file: '<stdin>', line: 3 },
    ]);
  });

  it('is the output of kubectl get', async () => {
    const live = readFileSync(join(dirname(main), '../test/live/objects.yaml'), 'utf8');
    const { code, stdout } = await run(['--format', 'json', '-'], live);
    expect([code, JSON.parse(stdout).pods.length]).toEqual([0, 5]);
  });

  it('that is a Helm template is refused with the reason, and other files are read', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('a.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n');
    writeFileSync(dir.file('b.yaml'), fine);
    const { code, stdout } = await run([dir.path, '--severity', 'error']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /a\.yaml:4:\d+: error unreadable\n {2}a template, not a manifest: render it first/,
    );
    expect(stdout).toMatch(/1 pod in 2 files: 1 error/);
  });

  it('is read as by the chosen version of Kubernetes', async () => {
    const later = documents([workload({ containers: [web], hostnameOverride: 'x' })]);
    const codes = await Promise.all(
      ['1.33', '1.34'].map(
        async (version) => (await run(['--kubernetes-version', version, '-'], later)).code,
      ),
    );
    expect(codes).toEqual([1, 0]);
  });
});

describe('output', () => {
  const pod = documents([
    workload(
      {
        containers: [web],
        initContainers: [
          container('wait-for', 'pod-patterns/wait-for:0.1.0'),
          sidecar('redis-ambassador', 'pod-patterns/redis-ambassador:0.1.0', {
            resources: { requests: { cpu: '50m', memory: '64Mi' } },
          }),
        ],
        terminationGracePeriodSeconds: 60,
      },
      { namespace: 'shop' },
    ),
  ]);

  it('as JSON has the documented shape', async () => {
    const { stdout } = await run(['--format', 'json', '-'], pod);
    const { files, pods, findings } = JSON.parse(stdout);
    expect(files).toBe(1);
    expect(pods).toEqual([
      {
        file: '<stdin>',
        line: 1,
        kind: 'Deployment',
        namespace: 'shop',
        name: 'app',
        verdict: 'fine',
        containers: [
          { name: 'wait-for', role: 'init', form: 'init', why: [expect.any(String)] },
          { name: 'redis-ambassador', role: 'ambassador', form: 'native-sidecar', why: expect.any(Array) },
          { name: 'web', role: 'app', form: 'app', why: expect.any(Array) },
        ],
        startOrder: [['wait-for'], ['redis-ambassador'], ['web']],
        stopOrder: [['web'], ['redis-ambassador']],
        requests: { cpuMillis: 50, memoryBytes: 64 * 1024 ** 2 },
        gracePeriodSeconds: 60,
      },
    ]);
    for (const finding of findings) {
      expect(Object.keys(finding).sort()).toEqual([
        'column',
        'container',
        'file',
        'fix',
        'line',
        'link',
        'message',
        'pod',
        'rule',
        'severity',
      ]);
    }
  });

  it('as SARIF validates against the schema', async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(sarifSchema);
    for (const input of [pod, wrong, fine, 'a: [', '']) {
      const { stdout } = await run(['--format', 'sarif', '-'], input);
      expect([validate(JSON.parse(stdout)), validate.errors]).toEqual([true, null]);
    }
  });

  it('as SARIF names the rule, the level and the place of each finding', async () => {
    const { stdout } = await run(['--format', 'sarif', 'docs/inappropriate-pod/web-and-database.yaml']);
    const [{ tool, results }] = JSON.parse(stdout).runs;
    const found = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'datastore-beside-app');
    expect(tool.driver.rules[found.ruleIndex].id).toBe('datastore-beside-app');
    expect(found).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'docs/inappropriate-pod/web-and-database.yaml' },
            region: { startLine: 20 },
          },
        },
      ],
    });
  });

  it('as GitHub annotations is one escaped command per line', async () => {
    const { stdout } = await run([
      '--format',
      'github',
      '--severity',
      'error',
      'docs/inappropriate-pod/web-and-database.yaml',
    ]);
    expect(stdout).toMatch(
      /^::error file=docs\/inappropriate-pod\/web-and-database\.yaml,line=20,col=11,title=datastore-beside-app::.*\n$/,
    );
  });

  it('has colour on a terminal only', async () => {
    expect((await run(['-'], wrong)).stdout).not.toContain('\u001B');
  });

  it('takes options from the environment', async () => {
    const { stdout } = await run(['-'], fine, {
      POD_REVIEW_FORMAT: 'json',
      POD_REVIEW_IGNORE: 'missing-limits,restricted-violation',
    });
    expect(JSON.parse(stdout).findings.map(({ rule }: { rule: string }) => rule)).toEqual([
      'service-account-token-unused',
    ]);
  });
});

describe('explain', () => {
  it('prints the reason, remedy and link of a rule', async () => {
    const { code, stdout } = await run(['explain', 'sidecar-waits-for-app']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sidecar-waits-for-app \(error\)\n\n.*\n[\s\S]*\nFix: [\s\S]*https:\/\//);
  });

  it('lists all rules', async () => {
    const { stdout } = await run(['explain']);
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(25);
  });
});
