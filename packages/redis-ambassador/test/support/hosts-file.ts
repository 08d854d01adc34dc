import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded into a program, because only root could change `/etc/hosts`. Names that end in `.test` are looked up
 * in the JSON file `TEST_HOSTS`, `{"name": "address"}`, which is read each time.
 */
const file = process.env['TEST_HOSTS'] ?? '';

const bySystem = dns.lookup;

type Done = (error: Error | null, addresses: dns.LookupAddress[]) => void;

function lookup(host: string, options: dns.LookupAllOptions, done: Done): void {
  if (!host.endsWith('.test')) {
    bySystem(host, options, done);
    return;
  }
  const hosts: Readonly<Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  const address = hosts[host];
  const error = address === undefined ? new Error(`getaddrinfo ENOTFOUND ${host}`) : null;
  // the ambassador requests all addresses
  setImmediate(() => done(error, address === undefined ? [] : [{ address, family: 4 }]));
}

Object.assign(dns, { lookup });
syncBuiltinESMExports();
