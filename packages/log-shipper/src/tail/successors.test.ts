import { describe, expect, it } from 'vitest';
import { isRotatedName, missedGenerations } from './successors.ts';

describe('isRotatedName', () => {
  it.each([
    'app.log.1',
    'app.log.10',
    'app.log-20260131',
    'app.log-2026-01-31T12:00:00Z',
    'app.log.2026-01-31_12.30',
    'app.log.old',
    'app.1.log',
    'app-2026-01-31.log',
    'app_3.log',
  ])('accepts %s for app.log', (name) => {
    expect(isRotatedName('/l/app.log', `/l/${name}`)).toBe(true);
  });

  it.each([
    'app.log',
    'app-worker.log',
    'apple.log',
    'app.log.gz',
    'app.log.1.gz',
    'app.logs',
    'app.txt',
    'other.log.1',
    'app.log.tmp',
    'app2x.log',
  ])('rejects %s', (name) => {
    expect(isRotatedName('/l/app.log', `/l/${name}`)).toBe(false);
  });

  it('accepts only names in the same folder', () => {
    expect(isRotatedName('/l/app.log', '/m/app.log.1')).toBe(false);
  });
});

describe('missedGenerations', () => {
  const file = (name: string, modifiedUs: number, bornUs = 0, size = 1) => ({
    path: `/l/${name}`,
    facts: { inode: name, size, modifiedUs, bornUs, isLinked: true },
  });
  const names = (...args: Parameters<typeof missedGenerations>) =>
    missedGenerations(...args).map(({ path }) => path.slice(3));

  it('are the files written later, oldest first', () => {
    const siblings = [
      file('app.log.1', 300),
      file('app.log.2', 200),
      file('app.log.3', 100),
      file('app.log.4', 50),
    ];
    expect(names('/l/app.log', { modifiedUs: 100, bornUs: 0 }, siblings)).toEqual(['app.log.2', 'app.log.1']);
  });

  it('are ordered by their birth time if written within the same tick', () => {
    const siblings = [file('app.log.1', 100, 30), file('app.log.2', 100, 20), file('app.log.3', 100, 10)];
    expect(names('/l/app.log', { modifiedUs: 100, bornUs: 10 }, siblings)).toEqual([
      'app.log.2',
      'app.log.1',
    ]);
  });

  it('exclude older files, even if written to later', () => {
    expect(names('/l/app.log', { modifiedUs: 100, bornUs: 50 }, [file('app.log.1', 200, 40)])).toEqual([]);
  });

  it('exclude empty files and other names', () => {
    const siblings = [file('app.log.1', 300, 0, 0), file('app-worker.log', 300), file('app.log', 300)];
    expect(names('/l/app.log', { modifiedUs: 100, bornUs: 0 }, siblings)).toEqual([]);
  });
});
