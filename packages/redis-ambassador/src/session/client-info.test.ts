import { expect, it } from 'vitest';
import { changesIn } from './client-info.ts';

const before =
  'id=7 addr=127.0.0.1:5 laddr=127.0.0.1:6 fd=8 name=redis-ambassador age=3 db=0 flags=N lib-name= lib-ver=\n';

it.each([
  ['nothing', before, { db: 0 }],
  ['the name', before.replace('redis-ambassador', 'me'), { db: 0, name: 'me' }],
  ['the name to nothing', before.replace('redis-ambassador', ''), { db: 0, name: '' }],
  ['the name to one with =', before.replace('redis-ambassador', 'a=b'), { db: 0, name: 'a=b' }],
  ['the database', before.replace('db=0', 'db=12'), { db: 12 }],
  [
    'the library',
    before.replace('lib-name= lib-ver=', 'lib-name=php lib-ver=5.3'),
    { db: 0, library: 'php', libraryVersion: '5.3' },
  ],
  ['nothing, in a Redis without library names', before.replace(' lib-name= lib-ver=', ''), { db: 0 }],
])('detects that a transaction changed %s', (_, info, changes) => {
  expect(changesIn(info)).toEqual(changes);
});
