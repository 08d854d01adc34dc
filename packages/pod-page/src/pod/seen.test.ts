import { describe, expect, it } from 'vitest';
import type { Look } from './look.ts';
import { type Moment, type Seen, seen, silent, unseen } from './seen.ts';

const moment = (seconds: number): Moment => ({
  at: seconds * 1000,
  time: new Date(seconds * 1000).toISOString(),
});
const look = (commands: number, over: Partial<Look> = {}): Look => ({
  ...{ name: 'ambassador', role: 'ambassador', state: 'up', summary: 'well', isOurs: true },
  reading: {
    counters: { commands },
    figures: { clients: 1 },
    summary: 'well',
    taken: { count: commands, unit: 'commands/s' },
    passed: { count: commands, unit: 'commands/s' },
    backend: { name: 'Redis', state: 'up', detail: 'redis:6379', nodes: [] },
  },
  ...over,
});
const away = (commands: number) => {
  const one = look(commands, { state: 'degraded', summary: 'Redis is down' });
  const backend = { name: 'Redis', state: 'away', detail: 'redis:6379', nodes: [] } as const;
  return { ...one, reading: { ...one.reading, backend } };
};
/** State after these looks, one second apart. */
function after(first: Look, ...more: readonly Look[]): Seen {
  return more.reduce(
    (before, one, second) => seen(before, one, moment(second + 1)),
    seen(undefined, first, moment(0)),
  );
}
const target = { name: 'ambassador', role: undefined, url: '', isNamed: true };

describe('a container that answers', () => {
  it('has figures but no rates and no motion the first time', () => {
    const once = after(look(10));
    expect(once.container).toMatchObject({
      state: 'up',
      since: moment(0).time,
      figures: { commands: 10, clients: 1 },
    });
    expect(once.taken).toEqual({ unit: 'commands/s', isMoving: false });
  });

  it('has rates the second time, and moves if there was traffic in between', () => {
    const twice = after(look(10), look(14));
    expect(twice.container.figures).toMatchObject({ commands: 14, commandsPerSecond: 4 });
    expect(twice.taken).toEqual({ rate: 4, unit: 'commands/s', isMoving: true });
    expect(after(look(10), look(14), look(14)).taken).toMatchObject({ isMoving: false });
  });

  it('keeps a minute of its rate', () => {
    const looks = Array.from({ length: 80 }, (_, second) => look(second * 2));
    const [first = look(0), ...more] = looks;
    expect(after(first, ...more).container.lastMinute).toEqual(Array.from({ length: 60 }, () => 2));
  });

  it('has no rate over a pause without viewers, and begins a new minute', () => {
    const later = seen(after(look(10), look(20)), look(500), moment(60));
    expect(later.container.figures).not.toHaveProperty('commandsPerSecond');
    expect(later).toMatchObject({ taken: { isMoving: false }, container: { lastMinute: [] } });
  });

  it('moves the wire into it but not the wire to a backend that is away', () => {
    const now = after(look(10), away(20));
    expect(now.taken).toMatchObject({ rate: 10, isMoving: true });
    expect(now.passed).toMatchObject({ rate: 0, isMoving: false });
  });

  it('keeps the time of its last change, and its last error with the time when it began', () => {
    const bad = after(look(1), away(1), away(1));
    expect(bad.container).toMatchObject({
      since: moment(1).time,
      lastError: { at: moment(1).time, text: 'Redis is down' },
    });
    const well = seen(bad, look(1), moment(3));
    expect(well.container).toMatchObject({ since: moment(3).time, lastError: { at: moment(1).time } });
    expect(seen(well, away(1), moment(4)).container.lastError).toEqual({
      at: moment(4).time,
      text: 'Redis is down',
    });
  });
});

describe('a container that does not answer', () => {
  const gone = silent(after(look(10), look(14)), 'no answer in time', moment(2));

  it('is down, with its last figures and their time', () => {
    expect(gone.container).toMatchObject({
      ...{ state: 'down', summary: 'no answer in time', since: moment(2).time, figuresAt: moment(1).time },
      figures: { commands: 14 },
      lastError: { text: 'no answer in time' },
    });
    expect(silent(gone, 'no answer in time', moment(3)).container).toMatchObject({
      ...{ since: moment(2).time, figuresAt: moment(1).time },
    });
  });

  it('moves nothing, and the state of its backend is unknown', () => {
    expect(gone).toMatchObject({
      taken: { isMoving: false },
      passed: { isMoving: false },
      backend: { state: 'unknown' },
    });
    expect(gone.taken).not.toHaveProperty('rate');
  });

  it('is up again when it comes back, with current figures and no rate yet', () => {
    const back = seen(gone, look(3), moment(3));
    expect(back.container).toMatchObject({ state: 'up', since: moment(3).time });
    expect(back.container).not.toHaveProperty('figuresAt');
    expect(back.taken).toEqual({ unit: 'commands/s', isMoving: false });
  });

  it('is down without figures if it never answered', () => {
    const never = silent(unseen(target), 'refused', moment(1));
    expect(never.container).toMatchObject({ state: 'down', figures: {} });
    expect(never.container).not.toHaveProperty('figuresAt');
  });
});
