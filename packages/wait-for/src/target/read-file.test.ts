import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Files } from '../probe/files.ts';
import { readTargetFile } from './read-file.ts';

async function read(text: string) {
  using dir = tempDir();
  writeFileSync(dir.file('t.yaml'), text);
  const reading = await readTargetFile(dir.file('t.yaml'), new Files());
  return reading.ok
    ? reading
    : { ...reading, faults: reading.faults.map((fault) => fault.replace(dir.path, '')) };
}

describe('a file of targets', () => {
  it('is read in all its forms', async () => {
    const reading = await read(`
targets:
  - tcp://db:5432 timeout=1s
  - target: https://api/healthz
    name: api
    status: 200-299,401
    header: ["Accept: application/json", "Authorization: @/run/secrets/token"]
    body~: ^ok
    json:/a: 1
    stable: 3
  - any: ["tcp://a:6379", {target: "tcp://b:6379", timeout: 5s}]
    name: either
    deadline: 1m
  - target: file:/run/maintenance
    not: true
  - {target: "redis://r name=r", optional: }
`);
    expect(reading).toMatchObject({
      ok: true,
      value: [
        { name: 'tcp://db:5432', timeoutMs: 1000 },
        {
          name: 'api',
          stableCount: 3,
          spec: {
            status: [
              [200, 299],
              [401, 401],
            ],
            headers: [
              { name: 'accept', value: 'application/json' },
              { name: 'authorization', value: '@/run/secrets/token' },
            ],
            body: /^ok/m,
            json: [{ pointer: '/a', value: '1' }],
          },
        },
        {
          kind: 'any',
          name: 'either',
          isOptional: false,
          deadlineMs: 60_000,
          members: [{ name: 'tcp://a:6379' }, { name: 'tcp://b:6379', timeoutMs: 5000 }],
        },
        { kind: 'file', isNegated: true },
        { name: 'r', isOptional: true },
      ],
    });
  });

  it('names a group after its members', async () => {
    const reading = await read('targets: [{any: [tcp://a:1, tcp://b:1]}]');
    expect(reading.ok && reading.value[0]?.name).toBe('any of tcp://a:1, tcp://b:1');
  });

  it('may use anchors, and keeps numbers as written', async () => {
    const reading = await read(`
targets:
  - {target: "http://a", status: 0x64, header: &h ["A: 1"]}
  - {target: "http://b", status: 204, header: *h}
`);
    expect(reading).toEqual({
      ok: false,
      faults: ['/t.yaml:3: status "0x64": expected statuses such as 200-299,401'],
    });
  });

  it.each([
    ['', '/t.yaml:1: expected a map with the key targets'],
    ['- tcp://a:1', '/t.yaml:1: expected a map with the key targets'],
    ['targets:', '/t.yaml:1: targets: expected a list with at least one target'],
    ['targets: []', '/t.yaml:1: targets: expected a list with at least one target'],
    ['targets: tcp://a:1', '/t.yaml:1: targets: expected a list with at least one target'],
    ['\ntarget:\n  - tcp://a:1', '/t.yaml:2: unknown key "target" (did you mean targets?)'],
    ['targets:\n  - tcp://a:1\nother: 1', '/t.yaml:3: unknown key "other"'],
    ['targets:\n  - tcp://a', '/t.yaml:2, column 1: tcp://a: has no port (the form is tcp://HOST:PORT)'],
    [
      'targets:\n  - tcp://a:1 timeot=1s',
      '/t.yaml:2, column 11: unknown key "timeot" (did you mean timeout?)',
    ],
    [
      'targets:\n  - target: tcp://a:1\n    timeot: 1s',
      '/t.yaml:3: unknown key "timeot" (did you mean timeout?)',
    ],
    ['targets:\n  - name: x', '/t.yaml:2: has neither target nor any'],
    ['targets:\n  - name: x\n    taget: tcp://a:1', '/t.yaml:3: unknown key "taget" (did you mean target?)'],
    ['targets:\n  - [tcp://a:1]', '/t.yaml:2: expected a target, or a map with the key target or any'],
    ['targets:\n  - ', '/t.yaml:2: expected a target'],
    ['targets:\n  - any: []', '/t.yaml:2: any: expected a list with at least one target'],
    ['targets:\n  - any: tcp://a:1', '/t.yaml:2: any: expected a list with at least one target'],
    [
      'targets:\n  - any:\n      - tcp://a',
      '/t.yaml:3, column 1: tcp://a: has no port (the form is tcp://HOST:PORT)',
    ],
    ['targets:\n  - any: [tcp://a:1]\n    nam: x', '/t.yaml:3: unknown key "nam" (did you mean name?)'],
    [
      'targets:\n  - any: [tcp://a:1 optional]',
      '/t.yaml:2: set optional on the group, not on one of its targets',
    ],
    ['targets:\n  - any: [{any: [tcp://a:1]}]', '/t.yaml:2: a group must not contain another group'],
    [
      'targets:\n  - target: tcp://a:1\n    name: {a: b}',
      '/t.yaml:3: name: expected a string or a list of strings',
    ],
    ['targets:\n  - "tcp://a:1', '/t.yaml:2:15: not YAML: Missing closing'],
    ['a: b: secret', '/t.yaml:1:4: not YAML: Nested mappings are not allowed in compact mappings'],
  ])('%j is refused', async (text, ...faults) => {
    expect(await read(text)).toEqual({ ok: false, faults });
  });

  it('reports all faults at once', async () => {
    const reading = await read('targets:\n  - tcp://a\n  - htp://b\n  - target: tcp://c:1\n    x: y');
    expect(reading.ok ? [] : reading.faults).toHaveLength(3);
  });

  it('reports YAML faults and duplicate keys together with faults of targets', async () => {
    expect(await read('targets:\n  - "tcp://a:1\n  - {b: c, d\n')).toMatchObject({ ok: false });
    const reading = await read('targets:\n  - tcp://a\n  - target: tcp://c:1\n    name: x\n    name: y\n');
    expect(reading.ok ? [] : reading.faults).toEqual([
      '/t.yaml:5:5: not YAML: Map keys must be unique',
      '/t.yaml:2, column 1: tcp://a: has no port (the form is tcp://HOST:PORT)',
      '/t.yaml:5: name is given twice',
    ]);
  });

  it('reports each fault once', async () => {
    const reading = await read(`targets: ${'['.repeat(10_000)}`);
    const faults = reading.ok ? [] : reading.faults;
    expect(faults[0]).toMatch(/^\/t\.yaml:1:\d+: not YAML: /);
    expect(faults).toEqual([...new Set(faults)]);
  });

  it('that cannot be read is named', async () => {
    expect(await readTargetFile('/nowhere/t.yaml', new Files())).toEqual({
      ok: false,
      faults: ["--file /nowhere/t.yaml: ENOENT: no such file or directory, open '/nowhere/t.yaml'"],
    });
  });
});
