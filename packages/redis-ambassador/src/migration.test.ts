import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionTable, parseOptions } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { program } from './options.ts';
import { Shards } from './topology/ring-url.ts';
import { readSource } from './topology/source.ts';

/** The README's guide from twemproxy and predixy: two blocks, and a table of settings for each of them. */
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const [, guide = ''] = /## Moving from twemproxy or predixy\n(.*?)\n## /s.exec(readme) ?? [];
const [pool = '', container = ''] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block);
const args = [...container.matchAll(/- (--\S+)/g)].map(([, arg = '']) => arg);
const rows = [...guide.matchAll(/^\| (`.+?) \| (.+) \|$/gm)].map(([, theirs = '', ours = '']) => ({
  theirs,
  ours,
}));
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

describe('the guide from twemproxy', () => {
  it('has arguments equivalent to the pool', () => {
    const { config } = parseOptions(program, { argv: args, env: {} });
    if (config === undefined) throw new Error('no options');
    const { upstream, listen, timeout } = config;
    if (!(upstream instanceof Shards)) throw new Error('no ring');
    const setting = (name: string) => new RegExp(`^  ${name}: "?(.+?)"?$`, 'm').exec(pool)?.[1];
    const servers = [...pool.matchAll(/- (\S+):(\d+) (\w+)$/gm)];
    expect(upstream.shards).toMatchObject(
      servers.map(([, address, weight, name]) => ({ node: { id: address }, weight: Number(weight), name })),
    );
    expect(upstream.rules.distribution).toBe(setting('distribution'));
    expect(upstream.rules.tag).toEqual([...Buffer.from(setting('hash_tag') ?? '')]);
    expect(upstream.reach.password).toBe(setting('redis_auth'));
    expect(upstream.ejection).toEqual({
      failureLimit: Number(setting('server_failure_limit')),
      retryMs: Number(setting('server_retry_timeout')),
    });
    expect(`${listen.host}:${listen.port}`).toBe(setting('listen'));
    expect(timeout).toBe(Number(setting('timeout')));
  });

  it.each([
    [
      'listen',
      'client_connections',
      'server_connections',
      'timeout',
      'backlog',
      'preconnect',
      'tcpkeepalive',
    ],
    ['hash', 'hash_tag', 'distribution', 'servers', 'redis', 'redis_auth', 'redis_db'],
    ['auto_eject_hosts', 'server_retry_timeout', 'server_failure_limit'],
  ])('has a row for each setting of a pool: %s, %s, %s …', (...settings) => {
    const named = rows.flatMap(({ theirs }) => quoted(theirs));
    expect(settings.filter((setting) => !named.includes(setting))).toEqual([]);
  });
});

describe('the replacements that the guide names exist', () => {
  const named = rows.flatMap(({ ours }) => quoted(ours));

  it.each(named.filter((word) => word.startsWith('--')))('%s', (flag) => {
    expect(optionTable(program)).toMatch(new RegExp(`\`${flag}[ ,\`]`));
  });

  it.each(named.filter((word) => /^redis[a-z-]*:/.test(word)))('%s', (url) => {
    expect(readSource(url.replace(',…', ''))).toHaveProperty('kind');
  });

  it.each(named.filter((word) => /^\w+=./.test(word)))('%s', (parameter) => {
    expect(readSource(`redis-ring://a,b?${parameter}`)).toBeInstanceOf(Shards);
  });
});
