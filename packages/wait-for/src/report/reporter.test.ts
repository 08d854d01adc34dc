import { describe, expect, it } from 'vitest';
import { targetOf } from '../../testing/attempt.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { type Failure, failure, reasons } from '../probe/outcome.ts';
import type { Progress } from '../schedule/progress.ts';
import type { Ended } from '../schedule/wait.ts';
import type { Target } from '../target/target.ts';
import { Reporter } from './reporter.ts';

function begin(options: { format?: 'text' | 'json'; isQuiet?: boolean; wanted?: readonly Target[] } = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const { format = 'text', isQuiet = false, wanted = [] } = options;
  const reporter = new Reporter({ wanted, format, isQuiet, clock, write: (line) => lines.push(line) });
  return { clock, lines, reporter };
}

function waiting(reason: Failure['reason'], tries = 1, more: Partial<Failure> = {}): Progress {
  return {
    state: 'waiting',
    tries,
    elapsedMs: tries * 1000,
    failure: { ...failure(reason, `it is ${reason}`), ...more },
  };
}

const ready: Progress = {
  state: 'ready',
  tries: 3,
  elapsedMs: 12_345,
  success: { ok: true, detail: 'connected' },
};
const target = targetOf('tcp://db:5432 name=db');

function ended(result: Ended['result'], ...targets: ReadonlyArray<readonly [string, Progress]>): Ended {
  return {
    result,
    isOnce: false,
    elapsedMs: 14_200,
    targets: targets.map(([line, progress]) => ({ wanted: targetOf(line), progress })),
  };
}

describe('a reporter', () => {
  it('reports a reason when it changes, not at every try', () => {
    const { lines, reporter } = begin();
    for (let tries = 1; tries <= 3; tries++) reporter.changed(target, waiting('refused', tries));
    reporter.changed(target, waiting('loading', 4));
    reporter.changed(target, waiting('refused', 5));
    reporter.changed(target, ready);
    expect(lines).toEqual([
      'db  waiting  refused: it is refused  try 1  1.0s',
      'db  waiting  loading: it is loading  try 4  4.0s',
      'db  waiting  refused: it is refused  try 5  5.0s',
      'db  ready  connected  try 3  12.3s',
    ]);
  });

  it('tells one HTTP status from another', () => {
    const { lines, reporter } = begin();
    for (const httpStatus of [503, 503, 404])
      reporter.changed(target, waiting('http-status', 1, { httpStatus }));
    expect(lines).toHaveLength(2);
  });

  it('repeats every 30 s what it still waits for', async () => {
    const { clock, lines, reporter } = begin();
    reporter.changed(target, waiting('refused', 1));
    reporter.changed(target, waiting('refused', 9));
    await clock.advance(30_000);
    expect(lines.slice(1)).toEqual(['db  waiting  refused: it is refused  try 9  9.0s']);
    reporter.changed(target, ready);
    await clock.advance(60_000);
    expect(lines.slice(2)).toEqual(['db  ready  connected  try 3  12.3s']);
  });

  it('is silent before the end with --quiet', async () => {
    const { clock, lines, reporter } = begin({ isQuiet: true });
    reporter.changed(target, waiting('refused'));
    await clock.advance(60_000);
    reporter.summary(ended('ready', ['tcp://db:1', ready]));
    expect(lines).toEqual(['wait-for: ready in 14.2s: tcp://db:1 12.3s']);
  });

  it('shows advice below the line', () => {
    const { lines, reporter } = begin();
    const progress = waiting('denied', 1, { hint: 'To allow it:\nkind: Role' });
    reporter.changed(target, { ...progress, state: 'failed' });
    expect(lines).toEqual(['db  failed  denied: it is denied  try 1  1.0s\nTo allow it:\nkind: Role']);
  });

  describe('of targets that RBAC denies', () => {
    const jobs = ['migrate', 'seed'].map((name) => targetOf(`k8s:job/${name}`));
    const other = targetOf('tcp://db:1');
    const denied = (name: string): Progress => ({
      ...waiting('denied', 1, {
        permissions: [
          {
            ...{ verb: 'get', group: 'batch', resource: 'jobs', name, namespace: 'shop' },
            account: { namespace: 'shop', name: 'web' },
          },
        ],
      }),
      state: 'failed',
    });
    const role = /\nTo allow it, apply:\n[\s\S]*resourceNames: \[migrate, seed\][\s\S]*$/;

    it('reports all together with one Role after the first try of each', () => {
      const { lines, reporter } = begin({ wanted: [...jobs, other] });
      for (const [index, name] of ['migrate', 'seed'].entries()) {
        reporter.changed(jobs[index] ?? other, denied(name));
      }
      expect(lines).toEqual([]);
      reporter.changed(other, ready);
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatch(/^k8s:job\/migrate {2}failed {2}denied: .*1\.0s$/);
      expect(lines[2]).toMatch(/^k8s:job\/seed {2}failed {2}denied: /);
      expect(lines[2]).toMatch(role);
    });

    it('waits for a slow first try only a moment, and not beyond the end', async () => {
      const late = begin({ wanted: [...jobs, other] });
      late.reporter.changed(jobs[0] ?? other, denied('migrate'));
      await late.clock.advance(1999);
      expect(late.lines).toHaveLength(0);
      await late.clock.advance(1);
      expect(late.lines).toHaveLength(1);
      const end = begin({ wanted: [...jobs, other] });
      end.reporter.changed(jobs[0] ?? other, denied('migrate'));
      end.reporter.summary(ended('failed', ['k8s:job/migrate', denied('migrate')]));
      expect(end.lines).toHaveLength(2);
      expect(end.lines[0]).toContain('kind: Role');
      expect(end.lines[1]).not.toContain('kind: Role');
    });

    it('reports none of them with --quiet', () => {
      const { lines, reporter } = begin({ wanted: jobs, isQuiet: true });
      for (const [index, name] of ['migrate', 'seed'].entries())
        reporter.changed(jobs[index] ?? other, denied(name));
      expect(lines).toEqual([]);
    });
  });

  it('prints the warning of a success', () => {
    const { lines, reporter } = begin();
    reporter.changed(target, { ...ready, success: { ok: true, detail: 'a is b', warning: 'any name is' } });
    expect(lines).toEqual(['db  ready  a is b, but any name is  try 3  12.3s']);
  });

  it('reports changes as JSON', () => {
    const { lines, reporter } = begin({ format: 'json' });
    reporter.changed(target, waiting('refused'));
    reporter.changed(target, { ...waiting('denied', 2, { hint: 'kind: Role' }), state: 'failed' });
    reporter.changed(target, { ...ready, success: { ok: true, detail: 'a is b', warning: 'any name is' } });
    const common = { time: expect.any(String), component: 'wait-for', target: 'db', kind: 'tcp' };
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...common,
        level: 'info',
        msg: 'waiting',
        state: 'waiting',
        reason: 'refused',
        detail: 'it is refused',
        try: 1,
        elapsedMs: 1000,
      },
      {
        ...common,
        level: 'error',
        msg: 'failed',
        state: 'failed',
        reason: 'denied',
        detail: 'it is denied\nkind: Role',
        try: 2,
        elapsedMs: 2000,
      },
      {
        ...common,
        level: 'warn',
        msg: 'ready',
        state: 'ready',
        detail: 'a is b\nany name is',
        try: 3,
        elapsedMs: 12_345,
      },
    ]);
  });
});

it.each(['text', 'json'] as const)(
  'escapes control characters of a server as %s, in lines and in the summary',
  (format) => {
    const { reporter, lines } = begin({ format });
    const hostile = waiting('not-ready', 1, { detail: 'ERR \u001b[2J\nwait-for: ready' });
    reporter.changed(target, hostile);
    reporter.summary(ended('timed-out', ['tcp://a:1', hostile]));
    expect(lines).toHaveLength(2);
    for (const [index, text] of lines.entries()) {
      const said = format === 'text' ? text : Object.values(JSON.parse(text)).join(' ');
      // the JSON summary contains no text of a server
      if (format === 'text' || index === 0) expect(said).toContain('ERR \\u001b[2J\\u000await-for: ready');
      expect(said).not.toMatch(/\p{Cc}/u);
    }
  },
);

describe('the summary', () => {
  it.each([
    [
      ended('ready', ['tcp://a:1', ready], ['tcp://b:1 optional', waiting('refused')]),
      'wait-for: ready in 14.2s: tcp://b:1 (optional) waiting, refused: it is refused (1 try), tcp://a:1 12.3s',
    ],
    [
      ended('timed-out', ['tcp://a:1', ready], ['tcp://b:1', waiting('timeout', 7)]),
      'wait-for: timed out after 14.2s: tcp://b:1 waiting, timeout: it is timeout (7 tries), tcp://a:1 12.3s',
    ],
    [
      ended(
        'failed',
        ['tcp://a:1', waiting('refused')],
        ['tcp://b:1', { ...waiting('auth'), state: 'failed' }],
      ),
      'wait-for: failed after 14.2s: tcp://b:1 failed, auth: it is auth (1 try), tcp://a:1 waiting, refused: it is refused (1 try)',
    ],
    [
      ended('stopped', ['tcp://a:1', { state: 'waiting', tries: 0, elapsedMs: 0 }]),
      'wait-for: stopped after 14.2s: tcp://a:1 waiting, no answer yet (0 tries)',
    ],
    [
      { ...ended('timed-out', ['tcp://a:1', waiting('refused')]), isOnce: true },
      'wait-for: not ready after one try, 14.2s: tcp://a:1 waiting, refused: it is refused (1 try)',
    ],
  ])('%# is one line, with failures first', (how, line) => {
    const { lines, reporter } = begin();
    expect(reporter.summary(how)).toBe(line);
    expect(lines).toEqual([line]);
  });

  it('is one line of JSON', () => {
    const { lines, reporter } = begin({ format: 'json' });
    reporter.summary(ended('timed-out', ['tcp://a:1', ready], ['tcp://b:1 optional', waiting('refused')]));
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.any(String),
      level: 'error',
      msg: 'summary',
      component: 'wait-for',
      result: 'timed-out',
      elapsedMs: 14_200,
      targets: [
        {
          target: 'tcp://b:1',
          state: 'waiting',
          reason: 'refused',
          tries: 1,
          elapsedMs: 1000,
          optional: true,
        },
        { target: 'tcp://a:1', state: 'ready', tries: 3, elapsedMs: 12_345 },
      ],
    });
  });

  it.each(['text', 'json'] as const)('for the termination log as %s has at most 4 KiB', (format) => {
    const many = Array.from(
      { length: 200 },
      (_, index) =>
        [
          `tcp://höst-${index}:1`.replace('ö', 'o'),
          waiting('refused', 1, { detail: 'ä'.repeat(50) }),
        ] as const,
    );
    const { lines, reporter } = begin({ format });
    const kept = reporter.summary(ended('timed-out', ...many));
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(kept)).toBeGreaterThan(3900);
    expect(lines[0]?.length).toBeGreaterThan(kept.length);
    if (format === 'text') expect(kept).toMatch(/^wait-for: timed out after .*…$/);
    else expect(JSON.parse(kept)).toMatchObject({ result: 'timed-out', omitted: expect.any(Number) });
  });

  it.each(reasons)('has the reason %s unchanged in both formats', (reason) => {
    for (const format of ['text', 'json'] as const) {
      expect(
        begin({ format }).reporter.summary(ended('timed-out', ['tcp://a:1', waiting(reason)])),
      ).toContain(reason);
    }
  });
});
