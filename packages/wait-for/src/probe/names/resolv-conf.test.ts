import { describe, expect, it } from 'vitest';
import { Files } from '../files.ts';
import { candidateNames, parseResolvConf, readResolvConf } from './resolv-conf.ts';

const pod = `# made by the kubelet
nameserver 10.96.0.10
search shop.svc.cluster.local svc.cluster.local cluster.local
options ndots:5
`;

describe('parseResolvConf', () => {
  it('reads the file of a pod', () => {
    expect(parseResolvConf(pod)).toEqual({
      servers: ['10.96.0.10'],
      search: ['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      ndots: 5,
    });
  });

  it.each([
    [
      'takes three servers',
      'nameserver 1.1.1.1\nnameserver ::1\nnameserver 3.3.3.3\nnameserver 4.4.4.4',
      { servers: ['1.1.1.1', '::1', '3.3.3.3'] },
    ],
    ['takes a server with a port, for tests', 'nameserver 127.0.0.1:5353', { servers: ['127.0.0.1:5353'] }],
    ['the last search list counts', 'search a b\nsearch c', { search: ['c'] }],
    ['domain is a search list of one', 'domain a b', { search: ['a'] }],
    ['a closing dot of a domain is dropped', 'search a.', { search: ['a'] }],
    ['comments', '; search a\nsearch b # c\n#nameserver 1.1.1.1', { servers: [], search: ['b'] }],
    ['other options', 'options timeout:1 ndots:2 edns0 ndots:3', { ndots: 3 }],
    ['ndots ends at 15', 'options ndots:99', { ndots: 15 }],
    ['nonsense', 'nameserver\nnameserver dns.google\noptions\nhello', { servers: [], search: [], ndots: 1 }],
  ])('%s', (_, text, expected) => {
    expect(parseResolvConf(text)).toMatchObject(expected);
  });

  it('uses the server on this host without a file', async () => {
    expect(await readResolvConf('/nowhere', new Files())).toEqual({
      servers: ['127.0.0.1'],
      search: [],
      ndots: 1,
    });
  });
});

describe('candidateNames', () => {
  const conf = { servers: [], search: ['ns.svc', 'svc'], ndots: 2 };
  it.each([
    ['redis', ['redis.ns.svc', 'redis.svc', 'redis']],
    ['redis.other', ['redis.other.ns.svc', 'redis.other.svc', 'redis.other']],
    ['a.b.c', ['a.b.c', 'a.b.c.ns.svc', 'a.b.c.svc']],
    ['redis.', ['redis']],
    ['a.b.c.', ['a.b.c']],
  ])('of %s are %j', (name, names) => {
    expect(candidateNames(name, conf)).toEqual(names);
  });
});
