import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mark, secretUrls, urlWith, wordSecret } from './odd-urls.ts';

const bundle = (name: string) => join(import.meta.dirname, `../../packages/${name}/dist/${name}.js`);

/** Every program, with a command line that has a URL where one belongs. */
const commandLines: ReadonlyArray<readonly [program: string, argumentsOf: (url: string) => string[]]> = [
  ['web', (url) => ['--redis-url', url, '--statsd', url, '--listen', url]],
  ['log-shipper', (url) => ['--sink', url, '--sink', url, '--paths', url]],
  ['statsd-adaptor', (url) => ['--statsd.mapping-config', url, '--statsd.listen-udp', url]],
  ['redis-ambassador', (url) => ['--upstream', url, '--listen', url]],
  [
    'wait-for',
    (url) => ['--once', '--timeout', '1s', url, `${url} name=a`, `http://127.0.0.1:1 header=${url}`],
  ],
  ['pod-page', (url) => ['--app', url, '--container', `web=${url}`, '--host', url]],
  ['pod-review', (url) => [url, `--${url}`]],
];

/** Everything that a program prints until it ends. */
async function printed(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [bundle(program), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join('\n');
}

describe.each(commandLines)('%s', (program, argumentsOf) => {
  it('prints no secret, whether the URL with it is right or wrong', async () => {
    const given = fc
      .tuple(fc.constantFrom(...secretUrls), wordSecret)
      .map(([url, secret]) => urlWith(url, secret));
    await fc.assert(
      fc.asyncProperty(given, async (url) => {
        const args = argumentsOf(url);
        // also each alone: one wrong option hides the configuration
        const lines = await Promise.all([
          printed(program, [...args, '--check-config']),
          printed(program, [...args.slice(0, 2), '--print-config']),
        ]);
        expect(lines.join('\n')).not.toContain(mark);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});

const password = `${mark}p:w@${mark}`;

describe.each([
  [
    'web',
    ['--listen', '127.0.0.1:0', '--redis-url', `redis://app:${encodeURIComponent(password)}@127.0.0.1:1`],
  ],
  ['log-shipper', ['--paths', '/nowhere/*.log', '--sink', `http://app:${mark}@127.0.0.1:1/?token=${mark}`]],
  [
    'redis-ambassador',
    ['--listen', '127.0.0.1:0', '--upstream', `redis://app:${encodeURIComponent(password)}@127.0.0.1:1`],
  ],
] as const)('a running %s whose backend is down', (name, args) => {
  it('shows no secret in its log or on any path of its admin port', async () => {
    using folder = tempDir();
    const own = { web: ['--log-dir'], 'log-shipper': ['--state-dir'], 'redis-ambassador': [] }[name];
    const more = own.flatMap((flag) => [flag, folder.path]);
    await using program = startProgram(bundle(name), [
      ...args,
      ...more,
      '--admin-listen',
      '127.0.0.1:0',
      '--log-level',
      'debug',
    ]);
    const { address } = await program.waitForLog('admin port open');
    await program.waitForLog('started');
    const pages = ['/', '/status', '/readyz', '/metrics'].map(async (path) =>
      (await fetch(`http://${address}${path}`)).text(),
    );
    const told = await Promise.all(pages);
    await program.stop();
    expect([...told, program.stdout, ...program.stderr].join('\n')).not.toContain(mark);
  });
});
