import { expect, it } from 'vitest';
import { addressesIn } from './hosts.ts';

const hosts = `# made by the kubelet
127.0.0.1\tlocalhost
::1 localhost ip6-localhost # the same over IPv6
10.0.0.7  Db.Shop db
10.0.0.8  db
nonsense  db
fe80::1%eth0 link
#10.0.0.9 db
10.0.0.5`;

it.each([
  ['localhost', ['127.0.0.1', '::1']],
  ['db', ['10.0.0.7', '10.0.0.8']],
  ['DB.shop', ['10.0.0.7']],
  ['link', ['fe80::1%eth0']],
  ['10.0.0.5', []],
  ['nobody', []],
])('%s is %j', (name, addresses) => {
  expect(addressesIn(hosts, name)).toEqual(addresses);
});
