import { PassThrough } from 'node:stream';
import { createLogger } from '@pod-patterns/kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Figures } from '../figures.ts';
import { Rejections } from './rejections.ts';

/** A log at this level, and the rejections that write to it. */
function start(level: 'warn' | 'debug') {
  const stream = new PassThrough();
  const figures = new Figures();
  const log = createLogger({ component: 'test', level, format: 'json', stream });
  const lines = () =>
    String(stream.read() ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  return { rejections: new Rejections(figures, log), figures, lines };
}

describe('Rejections', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('logs the client and the reason of an ended connection', () => {
    const { rejections, figures, lines } = start('warn');
    rejections.note('unread', '10.0.0.1:4000');
    rejections.note('max-clients', '10.0.0.2:4000');
    expect(lines()).toMatchObject([
      { level: 'warn', msg: 'client cut off', client: '10.0.0.1:4000', reason: 'unread' },
      { level: 'warn', msg: 'client refused', client: '10.0.0.2:4000', reason: 'max-clients' },
    ]);
    expect([figures.rejected.get('unread'), figures.rejected.get('max-clients')]).toEqual([1, 1]);
  });

  it('logs no warning for ordinary ends', () => {
    for (const [level, count] of [
      ['warn', 0],
      ['debug', 2],
    ] as const) {
      const { rejections, figures, lines } = start(level);
      for (const reason of ['killed', 'stopped'] as const) rejections.note(reason, 'x');
      expect(lines()).toHaveLength(count);
      expect(figures.rejected.get('killed')).toBe(1);
    }
  });

  it('sums up a flood', () => {
    const { rejections, figures, lines } = start('warn');
    for (let count = 0; count < 1000; count++) rejections.note('memory', `client ${count}`);
    for (let count = 0; count < 5; count++) rejections.note('protocol', `other ${count}`);
    expect(lines()).toHaveLength(10);
    vi.advanceTimersByTime(10_000);
    expect(lines()).toMatchObject([
      { level: 'warn', msg: 'more clients refused or cut off', memory: 990, protocol: 5 },
    ]);
    expect(figures.rejected.get('memory')).toBe(1000);
    rejections.note('unread', 'later');
    expect(lines()).toMatchObject([{ client: 'later' }]);
    vi.advanceTimersByTime(60_000);
    expect(lines()).toEqual([]);
  });
});
