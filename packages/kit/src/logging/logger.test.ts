import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { FaultLog } from './fault-log.ts';
import { createLogger } from './logger.ts';

function capture(format: 'json' | 'text' | 'auto', isTTY = false) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const log = createLogger({ component: 'thing', level: 'info', format, stream });
  return { log, read: () => String(stream.read() ?? '') };
}

it('writes one JSON object per line with time, level, msg, component and the fields of the call', () => {
  const { log, read } = capture('json');
  log.warn('upstream lost', { address: 'h:1', attempt: 3 });
  log.debug('not shown');
  const line = read();
  expect(line.endsWith('}\n')).toBe(true);
  const { time, ...rest } = JSON.parse(line);
  expect(new Date(time).toISOString()).toBe(time);
  expect(Object.entries(rest)).toEqual([
    ['level', 'warn'],
    ['msg', 'upstream lost'],
    ['component', 'thing'],
    ['address', 'h:1'],
    ['attempt', 3],
  ]);
});

it('writes readable lines on a terminal, with quotes around special values', () => {
  const { log, read } = capture('auto', true);
  log.info('ready', { address: 'h:1', reason: 'read failed', count: 2 });
  expect(read()).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} info {2}thing: ready address=h:1 reason="read failed" count=2\n$/,
  );
});

it.each(['json', 'text'] as const)('leaves out an undefined field in %s', (format) => {
  const { log, read } = capture(format);
  log.info('limit', { bytes: undefined, value: 7 });
  const line = read();
  expect(line).toMatch(/value\W+7/);
  expect(line).not.toMatch(/bytes|undefined/);
});

it('writes JSON without a terminal', () => {
  const { log, read } = capture('auto');
  log.info('x');
  expect(read()[0]).toBe('{');
});

it('logs a repeating fault when it starts and, with its count and duration, when it ends', () => {
  const { log, read } = capture('json');
  let now = 0;
  const faults = new FaultLog(log, 'sink', () => now);
  faults.recovered();
  for (const reason of ['refused', 'refused', 'timeout']) {
    faults.failed(reason, { url: 'http://h' });
    now += 500;
  }
  expect(faults.isFailing).toBe(true);
  faults.recovered();
  faults.recovered();
  const lines = read()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: 'warn', msg: 'sink failing', reason: 'refused', url: 'http://h' },
    { level: 'info', msg: 'sink recovered', failures: 3, forMs: 1500 },
  ]);
});

it('logs a repeating fault again when its reason changes, at most every 10 seconds', () => {
  const { log, read } = capture('json');
  let now = 0;
  const faults = new FaultLog(log, 'upstream', () => now);
  for (const [at, reason] of [
    [0, 'timeout'],
    [5_000, 'refused'],
    [11_000, 'refused'],
    [30_000, 'refused'],
    [31_000, 'timeout'],
    [32_000, 'refused'],
  ] as const) {
    now = at;
    faults.failed(reason);
  }
  faults.recovered();
  const lines = read()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { msg: 'upstream failing', reason: 'timeout' },
    { msg: 'upstream failing', reason: 'refused' },
    { msg: 'upstream failing', reason: 'timeout' },
    { msg: 'upstream recovered', failures: 6, forMs: 32_000 },
  ]);
});

it('never writes a secret, anywhere in the line', () => {
  const { log, read } = capture('json');
  log.warn('open redis://u:secret@h failed', {
    reason: 'token=secret',
    tried: [{ url: 'http://:secret@h' }],
  });
  log.warn(new Error('sent Authorization: Basic secret').message);
  const text = read();
  expect(text).toContain('redis://u:***@h');
  expect(text).not.toContain('secret');
});
