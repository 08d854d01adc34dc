import { expect, it } from 'vitest';
import { readHttpUrl } from './http-url.ts';

it('readHttpUrl reads the address and the settings after #', () => {
  const files = 'headers=/h&basic=/b&ca=/ca.pem&cert=/c.pem&key=/k.pem';
  expect(readHttpUrl(`http://me:secret@h/p?q=1#compression=gzip&timeout=5s&${files}`)).toMatchObject({
    url: new URL('http://me:secret@h/p?q=1'),
    settings: {
      ...{ compression: 'gzip', timeoutMs: 5000, headers: '/h', basic: '/b' },
      ...{ ca: '/ca.pem', cert: '/c.pem', key: '/k.pem' },
    },
  });
});

it('readHttpUrl reads the settings of one kind of sink', () => {
  const read = readHttpUrl('LOKI+https://h#tenant=a', { prefix: 'loki', own: ['tenant'] });
  expect(read).toMatchObject({ url: new URL('https://h/'), own: new Map([['tenant', 'a']]) });
});
