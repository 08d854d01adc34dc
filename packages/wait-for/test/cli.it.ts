import { writeFileSync } from 'node:fs';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { DnsServer } from '../testing/dns-server.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { run, start } from '../testing/run.ts';

describe('wait-for', () => {
  it('exits 0 after a late server accepts', async () => {
    const port = await freePort();
    await using program = start([`tcp://127.0.0.1:${port}`]);
    await program.waitForLog('waiting', { where: ({ reason }) => reason === 'refused' });
    await using _ = await FakeServer.start(undefined, undefined, port);
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(program.log.at(-1)).toMatchObject({
      msg: 'summary',
      component: 'wait-for',
      result: 'ready',
      targets: [{ target: `tcp://127.0.0.1:${port}`, state: 'ready', elapsedMs: expect.any(Number) }],
    });
    expect(program.log.at(-1)?.['targets']).not.toContainEqual(
      expect.objectContaining({ reason: expect.anything() }),
    );
  });

  it('combines operands, WAIT_FOR and --file, each with its own keys', async () => {
    using dir = tempDir();
    await using server = await FakeServer.start();
    writeFileSync(
      dir.file('t.yaml'),
      `targets:\n  - {target: "file:${dir.path}", name: three}\n  - any: ["tcp://127.0.0.1:1", "tcp://127.0.0.1:${server.port}"]\n    name: four\n`,
    );
    const environment = `\n# a comment\n  file:${dir.file('none')} not name=two\n\n`;
    const ran = await run([`tcp://127.0.0.1:${server.port} name=one`, '--file', dir.file('t.yaml')], {
      WAIT_FOR: environment,
    });
    expect(ran.code).toBe(0);
    const { targets } = ran.log.at(-1) as { targets: ReadonlyArray<{ target: string }> }; // the summary has them
    expect(targets.map(({ target }) => target)).toEqual(['one', 'two', 'three', 'four']);
  });

  it.each([
    [[], 'wait-for: expected a target; --help shows the forms'],
    [['tcp://x'], 'wait-for: target 1, column 1: tcp://x: has no port (the form is tcp://HOST:PORT)'],
    [
      ['tcp://x:1', 'tcp://x:1 timeot=1s'],
      'wait-for: target 2, column 11: unknown key "timeot" (did you mean timeout?)',
    ],
    [['--timout=1s', 'tcp://x:1'], 'wait-for: --timout: unknown option (did you mean --timeout?)'],
    [
      ['--timeout=soon', 'tcp://x:1'],
      'wait-for: --timeout "soon": expected a duration such as 250ms, 2s or 5m',
    ],
    [['--format=xml', 'tcp://x:1'], 'wait-for: --format "xml": expected one of text, json'],
    [
      ['--file=/nowhere.yaml'],
      "wait-for: --file /nowhere.yaml: ENOENT: no such file or directory, open '/nowhere.yaml'",
    ],
    [['tcp://x:1', '--'], 'wait-for: --: expected a command after it'],
    [['--probe', 'ready', 'tcp://x:1'], 'wait-for: --probe: unknown option'],
    [['--check-config', '--nope', 'soon', 'tcp://x:1'], 'wait-for: --nope: unknown option'],
  ])('exits 2 for %j', async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr: [message], terminationLog: '' });
  });

  it.each([
    [['--no\u001b[2Jpe', 'tcp://x:1']],
    [['tcp://x:1 "name=a\u001b[2Jb"']],
    [['tcp://x:1', '--timeout', 'a\u001b[2Jb\nc']],
    [['--file', '/nowhere/\u001b[2J\n/t.yaml']],
    [['http://x "body~=\u001b[2J("']],
    [['file:/', '--', '/nowhere/\u001b[2J\n']],
    [['file:/', '--report', '/nowhere/\u001b[2J\n']],
  ])('escapes control characters of its arguments: %j', async (args) => {
    await using program = start([...args, '--quiet']);
    await program.ended;
    expect(program.stderr.at(-1)).toContain('\\u001b[2J');
    expect(program.stderr.join('')).not.toMatch(/\p{Cc}/u);
  });

  it('reports all faults of all sources at once, with their places', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('t.yaml'), 'targets:\n  - tcp://c');
    const ran = await run(['tcp://a', '--file', dir.file('t.yaml')], { WAIT_FOR: 'tcp://x:1\ntcp://b' });
    expect(ran.stderr.map((line) => line.replace(dir.path, '').replace(/: has no port.*/, ''))).toEqual([
      'wait-for: target 1, column 1: tcp://a',
      'wait-for: WAIT_FOR line 2, column 1: tcp://b',
      'wait-for: /t.yaml:2, column 1: tcp://c',
    ]);
  });

  it('reports faults of options together with faults of targets', async () => {
    const ran = await run(['--timout', '5m', 'tcp://a']);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toEqual([
      'wait-for: --timout: unknown option (did you mean --timeout?)',
      expect.stringContaining('target 1, column 1: tcp://a: has no port'),
    ]);
  });

  it('reports the fault of a target after an unknown option, and faults of files', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('t.yaml'), 'targets:\n  - tcp://c');
    const ran = await run(['--quite', 'tcp://a', '--nope', 'tcp://b', '--file', dir.file('t.yaml')]);
    expect(ran.code).toBe(2);
    expect(ran.stderr.map((line) => line.replace(dir.path, '').replace(/: has no port.*/, ''))).toEqual([
      'wait-for: --quite: unknown option (did you mean --quiet?)',
      'wait-for: --nope: unknown option',
      'wait-for: target 1, column 1: tcp://a',
      'wait-for: target 2, column 1: tcp://b',
      'wait-for: /t.yaml:2, column 1: tcp://c',
    ]);
  });

  it('reports faults of files and of the cluster together with wrong option values', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('t.yaml'), 'targets:\n  - tcp://c\n  - target: tcp://d:1\n    x: y\n');
    const ran = await run(
      ['--timeout=soon', '--format=xml', '--file', dir.file('t.yaml'), 'k8s:job/x', 'tls://a:1 cert=/c x=1'],
      { KUBERNETES_SERVICE_HOST: undefined, WAIT_FOR: 'tcp://b' },
    );
    expect(ran.code).toBe(2);
    expect(
      ran.stderr.map((line) => line.replace(dir.path, '').replace(/: (has no port|expected).*/, '')),
    ).toEqual([
      'wait-for: --timeout "soon"',
      'wait-for: --format "xml"',
      'wait-for: target 2, column 1: tls://a:1: cert and key go together (the form is tls://HOST:PORT)',
      'wait-for: target 2, column 19: unknown key "x"',
      'wait-for: WAIT_FOR line 1, column 1: tcp://b',
      'wait-for: /t.yaml:2, column 1: tcp://c',
      'wait-for: /t.yaml:4: unknown key "x"',
      'wait-for: k8s: KUBERNETES_SERVICE_HOST is not set: not in a cluster',
      'wait-for: k8s: KUBERNETES_SERVICE_PORT is not set: not in a cluster',
    ]);
  });

  it.each([
    ['--quiet', 1],
    ['--no-quiet', 2],
  ])('%s prints %i lines', async (option, count) => {
    expect((await run(['tcp://127.0.0.1:1', '--once', option])).log).toHaveLength(count);
  });

  it('prints nothing on stdout, which belongs to the command', async () => {
    await using server = await FakeServer.start();
    const ran = await run([`tcp://127.0.0.1:${server.port}`, '--format=text']);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toEqual([
      expect.stringMatching(
        /^tcp:\/\/127\.0\.0\.1:\d+ {2}ready {2}connected to 127\.0\.0\.1:\d+ {2}try 1 {2}\d+ms$/,
      ),
      expect.stringMatching(/^wait-for: ready in \d+ms: tcp:\/\/127\.0\.0\.1:\d+ \d+ms$/),
    ]);
    expect(ran.terminationLog).toBe(ran.stderr.at(-1));
  });

  it.each(['termination-log', 'report'])(
    'continues and reports it if the %s cannot be written',
    async (option) => {
      await using server = await FakeServer.start();
      await using once = start([`tcp://127.0.0.1:${server.port}`, `--${option}=/nowhere/log`]);
      expect(await once.ended).toMatchObject({ code: 0 });
      expect(once.stderr.at(-1)).toBe(
        `wait-for: --${option} /nowhere/log: ENOENT: no such file or directory, open '/nowhere/log'`,
      );
    },
  );

  it('retries until the timeout and exits 124', async () => {
    const ran = await run(['tcp://127.0.0.1:1 interval=10ms max-interval=20ms', '--timeout=400ms']);
    expect(ran.code).toBe(124);
    expect(ran.log).toHaveLength(2);
    expect(ran.log.at(-1)).toMatchObject({ result: 'timed-out', targets: [{ tries: expect.any(Number) }] });
    const { elapsedMs, targets } = ran.log.at(-1) as {
      elapsedMs: number;
      targets: ReadonlyArray<{ tries: number }>;
    }; // the summary has them
    // a timer of Node counts whole milliseconds and may fire within the last one
    expect(elapsedMs).toBeGreaterThanOrEqual(399);
    expect(targets[0]?.tries).toBeGreaterThan(1);
  });
});

describe('requests without waiting', () => {
  it.each([
    [
      '--help',
      /^wait-for \d+\.\d+\.\d+: holds a pod's start[\s\S]*Usage: wait-for \[OPTION…\] TARGET… \[-- COMMAND ARG…\]/,
    ],
    ['--help', /--timeout DURATION[\s\S]*Targets:[\s\S]*tcp:\/\/HOST:PORT[\s\S]*Exit codes:/],
    ['--version', /^wait-for \d+\.\d+\.\d+\n$/],
    ['--check-config', /^configuration is valid\n$/],
    [
      '--print-config',
      /"WAIT_FOR_TIMEOUT": "5m"[\s\S]*"redis:\/\/:\*\*\*@127\.0\.0\.1:6379 stable=2 timeout=2s/,
    ],
    [
      '--explain',
      /^redis:\/\/:\*\*\*@127\.0\.0\.1:6379\n {2}kind {11}redis\n[\s\S]* {2}port {11}6379\n {2}addresses {6}127\.0\.0\.1\n[\s\S]* {2}timeout {8}2s\n/,
    ],
  ])('%s', async (option, output) => {
    const ran = await run([option, 'redis://:hunter2hunter2@127.0.0.1:6379 stable=2', '--format=text']);
    expect(ran).toMatchObject({ code: 0, stderr: [], terminationLog: '' });
    expect(ran.stdout).toMatch(output);
    expect(ran.stdout).not.toContain('hunter2');
  });

  it('explain as JSON, with the names that DNS is asked for', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('resolv.conf'), 'search a.svc svc\noptions ndots:2\n');
    const ran = await run(['dns:redis', 'file:/x', '--explain', '--resolv-conf', dir.file('resolv.conf')]);
    expect(
      ran.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ target: 'dns:redis', kind: 'dns', host: 'redis.a.svc redis.svc redis' }),
      expect.objectContaining({
        target: 'file:/x',
        kind: 'file',
        keys: expect.objectContaining({ timeout: '2s' }),
      }),
    ]);
  });

  it('do not contact the target with --explain', async () => {
    await using server = await FakeServer.start();
    expect(await run([`tcp://127.0.0.1:${server.port}`, '--explain'])).toMatchObject({ code: 0 });
    expect(server.connectionCount).toBe(0);
  });

  it('find faults of a target with --check-config', async () => {
    expect(await run(['--check-config', 'tcp://x'])).toMatchObject({ code: 2 });
  });
});

describe('dns', () => {
  it('is asked with the given resolv.conf, with a warning of a wildcard', async () => {
    using dir = tempDir();
    await using dns = await DnsServer.start((name) =>
      name.endsWith('.example.com') ? { a: ['203.0.113.1'] } : 'no such name',
    );
    writeFileSync(
      dir.file('resolv.conf'),
      `nameserver ${dns.address}\nsearch svc example.com\noptions ndots:5\n`,
    );
    const ran = await run(['dns+a:redis', '--resolv-conf', dir.file('resolv.conf')]);
    expect(ran.code).toBe(0);
    expect(ran.log[0]).toMatchObject({
      level: 'warn',
      state: 'ready',
      detail: expect.stringContaining('every name in example.com has this answer (a wildcard)'),
    });
    expect(dns.questions.slice(0, 2)).toEqual(['a redis.svc', 'a redis.example.com']);
  });
});

describe('a secret', () => {
  const secrets = [
    'hunter2-of-redis',
    'hunter2-in-header',
    'hunter2-in-query',
    'hunter2-of-http',
    'hunter2-in-file',
    'hunter2-of-postgres',
  ];

  it.each([
    ['--once', '--format=json'],
    ['--once', '--format=text'],
    ['--once', '--quiet', '--strict'],
    ['--explain', '--format=json'],
    ['--explain', '--format=text'],
    ['--print-config', '--timeout=1s'],
    ['--check-config', '--timeout=1s'],
    ['--once', '--no-such-option'],
    ['--once', 'redis://:hunter2-of-redis@127.0.0.1:port'],
  ])('is printed by none of %s %s', async (...options) => {
    using dir = tempDir();
    writeFileSync(dir.file('token'), 'hunter2-in-file');
    // like a Redis without AUTH, and a web server that echoes the request
    await using redis = await FakeServer.start(undefined, (chunk, socket) => {
      socket.write(`-ERR unknown command, with args: ${chunk.toString().replace(/\r\n/g, ' ')}\r\n`);
    });
    await using web = await FakeServer.start(undefined, (chunk, socket) => {
      const said = JSON.stringify({ said: chunk.toString() });
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(said)}\r\n\r\n${said}`);
    });
    const url = `http://me:hunter2-of-http@127.0.0.1:${web.port}/?token=hunter2-in-query`;
    writeFileSync(
      dir.file('t.yaml'),
      `targets:\n  - {target: "${url}", header: ["X: hunter2-in-header"], "json:/said": nothing}\n`,
    );
    const ran = await run(
      [
        `redis://:hunter2-of-redis@127.0.0.1:${redis.port}`,
        `http://127.0.0.1:${web.port} "header=Authorization: Bearer @${dir.file('token')}" json:/said=x`,
        '--file',
        dir.file('t.yaml'),
        ...options,
      ],
      { WAIT_FOR: 'postgres://app:hunter2-of-postgres@127.0.0.1:1/x optional' },
    );
    const told = [ran.stdout, ...ran.stderr, ran.terminationLog, ran.report].join('\n');
    expect(told).not.toBe('');
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

it.each(['600h', '30d', '999999d'])('--timeout %s lasts that long', async (timeout) => {
  await using program = start([
    'tcp://127.0.0.1:1 interval=10ms max-interval=10ms timeout=600h',
    `--timeout=${timeout}`,
  ]);
  await program.waitForLog('waiting');
  expect(await program.stop()).toMatchObject({ code: 143 });
  expect(program.stderr.filter((line) => !line.startsWith('{'))).toEqual([]);
  expect(program.log.at(-1)).toMatchObject({ result: 'stopped' });
});
