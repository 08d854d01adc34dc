import { hash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterEach, describe, expect, it } from 'vitest';
import { docker, imageOf, mustDocker, restricted } from './docker.ts';

const root = join(import.meta.dirname, '../..');
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

interface Inspected {
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly Healthcheck: { readonly Test: readonly string[] };
  };
  readonly RootFS: { readonly Layers: readonly string[] };
}

const inspect = (image: string): Inspected => JSON.parse(mustDocker('image', 'inspect', image))[0];

/** Services with the options to run alone. */
const services = [
  { name: 'web', args: ['--log-dir', '/tmp'], volumes: ['--tmpfs', '/tmp:uid=65532'] },
  {
    name: 'log-shipper',
    args: ['--paths', '/tmp/*.log', '--sink', 'stdout:', '--state-dir', '/tmp'],
    volumes: ['--tmpfs', '/tmp:uid=65532'],
  },
  { name: 'statsd-adaptor', args: [], volumes: [] },
  { name: 'redis-ambassador', args: ['--upstream', 'redis://127.0.0.1:6380'], volumes: [] },
  { name: 'pod-page', args: [], volumes: [] },
] as const;
/** Flags of Node beyond those that all images have. */
const nodeFlags: Readonly<Record<string, readonly string[]>> = {
  'statsd-adaptor': ['--max-semi-space-size=4'],
};
const names = [...services.map(({ name }) => name), 'wait-for'];

describe.each(names)('the image of %s', (name) => {
  it('runs as 65532 without a shell, in exec form, with its labels', () => {
    const { Config } = inspect(imageOf(name));
    expect(Config.User).toBe('65532:65532');
    expect(Config.Entrypoint).toEqual([
      ...['/usr/bin/tini-static', '-s', '--'],
      '/nodejs/bin/node',
      '--max-old-space-size-percentage=50',
      ...(nodeFlags[name] ?? []),
      `/app/${name}.cjs`,
    ]);
    expect(Config.Labels).toMatchObject({
      'org.opencontainers.image.title': name,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
    });
    expect(docker('run', '--rm', '--entrypoint=/bin/sh', imageOf(name), '-c', 'true').status).not.toBe(0);
  });

  it('answers --version and --help under restrictions', () => {
    expect(mustDocker('run', '--rm', ...restricted, imageOf(name), '--version')).toBe(`${name} ${version}`);
    expect(mustDocker('run', '--rm', ...restricted, imageOf(name), '--help')).toContain(`Usage: ${name}`);
  });

  it('runs the same bundle as make build writes, byte for byte', () => {
    const sha256 = `require('node:crypto').hash('sha256', require('node:fs').readFileSync('/app/${name}.cjs'))`;
    const ours = hash('sha256', readFileSync(join(root, `packages/${name}/dist/${name}.js`)));
    expect(mustDocker('run', '--rm', '--entrypoint=/nodejs/bin/node', imageOf(name), '--print', sha256)).toBe(
      ours,
    );
  });

  it('ends with 2 and a line that names the option', () => {
    const ran = docker('run', '--rm', ...restricted, imageOf(name), '--no-such-option');
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining('--no-such-option')]);
  });

  it('names its init to scanners and the SBOM, and carries its licence', () => {
    const files = ['/var/lib/dpkg/status.d/tini', '/usr/share/doc/tini/copyright'];
    const print = `for (const file of ${JSON.stringify(files)}) console.log(fs.readFileSync(file, 'utf8'))`;
    const text = mustDocker('run', '--rm', '--entrypoint=/nodejs/bin/node', imageOf(name), '-e', print);
    for (const line of [/^Package: tini$/m, /^Version: \d/m, /^License: Expat$/m]) expect(text).toMatch(line);
  });

  it('adds one layer of at most 2 MB, apart from a native part, to the shared base and init', () => {
    const base = inspect('gcr.io/distroless/nodejs24-debian13:nonroot').RootFS.Layers;
    const layersOf = (image: string) => inspect(imageOf(image)).RootFS.Layers;
    const shared = layersOf(name).slice(0, -1);
    expect(shared.slice(0, -1)).toEqual(base);
    for (const other of names) expect(layersOf(other).slice(0, -1)).toEqual(shared);
    const history = mustDocker(
      'history',
      '--no-trunc',
      '--human=false',
      '--format={{.Size}} {{.CreatedBy}}',
      imageOf(name),
    );
    const own = Number(
      history
        .split('\n')
        .find((line) => line.includes('COPY'))
        ?.split(' ')[0],
    );
    console.log(`${name}: own layer ${Math.round(own / 1000)} kB`);
    expect(own).toBeGreaterThan(0);
    const natives = globSync(`packages/${name}/dist/image/*.node`, { cwd: root });
    const nativeBytes = natives.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);
    expect(own - nativeBytes).toBeLessThanOrEqual(2_000_000);
  });
});

describe.each(services)('the container of $name', ({ name, args, volumes }) => {
  let container = '';
  afterEach(() => void docker('rm', '--force', container));

  it('serves, answers its probe, turns healthy, and stops within a second', async () => {
    container = mustDocker(
      'run',
      '--detach',
      '--health-interval=1s',
      ...restricted,
      ...volumes,
      imageOf(name),
      ...args,
    );
    const probe = () => docker('exec', container, '/nodejs/bin/node', `/app/${name}.cjs`, '--probe', 'ready');
    await eventually(() => probe().status === 0, { timeoutMs: 30_000 });
    await eventually(
      () => docker('inspect', '--format={{.State.Health.Status}}', container).stdout === 'healthy',
      {
        timeoutMs: 60_000,
        everyMs: 250,
      },
    );
    const since = performance.now();
    mustDocker('stop', '--time=10', container);
    const tookMs = performance.now() - since;
    expect(mustDocker('inspect', '--format={{.State.ExitCode}}', container)).toBe('0');
    console.log(`${name}: stopped in ${Math.round(tookMs)} ms, docker's own time included`);
    // far below Docker's ten seconds until a kill; measured: well below one
    expect(tookMs).toBeLessThan(5000);
  });
});

it('wait-for holds a start until its target answers, and stops at SIGTERM', async () => {
  const container = mustDocker('run', '--detach', ...restricted, imageOf('wait-for'), 'tcp://127.0.0.1:1');
  try {
    await eventually(() => docker('logs', container).stderr.includes('refused'), { timeoutMs: 30_000 });
    mustDocker('stop', '--time=10', container);
    expect(mustDocker('inspect', '--format={{.State.ExitCode}}', container)).toBe('143');
  } finally {
    docker('rm', '--force', container);
  }
});

it("the command after wait-for is the init's child: it gets the signals, and its exit code is the container's", async () => {
  const command =
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e6); console.log(process.ppid)";
  const args = ['file:/etc/passwd', '--', '/nodejs/bin/node', '-e', command];
  const container = mustDocker('run', '--detach', ...restricted, imageOf('wait-for'), ...args);
  try {
    await eventually(() => docker('logs', container).stdout === '1', { timeoutMs: 30_000 });
    mustDocker('stop', '--time=10', container);
    expect(mustDocker('inspect', '--format={{.State.ExitCode}}', container)).toBe('7');
  } finally {
    docker('rm', '--force', container);
  }
});

it('the init stops its program without a warning in a shared process namespace', async () => {
  const sandbox = mustDocker('run', '--detach', 'registry.k8s.io/pause:3.10');
  const shared = `--pid=container:${sandbox}`;
  const container = mustDocker(
    'run',
    '--detach',
    ...restricted,
    shared,
    imageOf('wait-for'),
    'tcp://127.0.0.1:1',
  );
  try {
    await eventually(() => docker('logs', container).stderr.includes('refused'), { timeoutMs: 30_000 });
    mustDocker('stop', '--time=10', container);
    expect(mustDocker('inspect', '--format={{.State.ExitCode}}', container)).toBe('143');
    expect(docker('logs', container).stderr).not.toContain('tini');
  } finally {
    docker('rm', '--force', container, sandbox);
  }
});
