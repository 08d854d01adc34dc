import { describe, expect, it } from 'vitest';
import { requestIdOf } from './request-id.ts';

describe('requestIdOf', () => {
  it.each(['a', 'home-1', '0af7651916cd43dd8448eb211c80319c', 'A.b:c/d+e=f@g_h', 'x'.repeat(128)])(
    'keeps %s',
    (id) => {
      expect(requestIdOf(id)).toBe(id);
    },
  );

  it.each([
    undefined,
    '',
    'with blank',
    'line\nbreak',
    '"quote"',
    '<tag>',
    'ünicode',
    'x'.repeat(129),
    ['a', 'b'],
  ])('replaces %j', (header) => {
    expect(requestIdOf(header)).toMatch(/^[0-9a-f-]{36}$/);
  });
});
