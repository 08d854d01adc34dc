import { parseOptions } from '@pod-patterns/kit';
import { describe, expect, it } from 'vitest';
import { program } from './options.ts';

const parse = (...argv: string[]) => parseOptions(program, { argv, env: {} });

describe('the options', () => {
  it('use Redis and StatsD on localhost by default', () => {
    expect(parse()).toMatchObject({
      ok: true,
      config: {
        listen: { host: undefined, port: 8080 },
        adminListen: { host: undefined, port: 8081 },
        redisUrl: 'redis://127.0.0.1:6379',
        redisTimeout: 1000,
        redisRequired: false,
        statsd: { host: '127.0.0.1', port: 8125 },
        logDir: '/var/log/app',
        logMaxSize: 8 * 1024 * 1024,
        logMaxFiles: 4,
        drainDelay: 0,
        faults: false,
        shutdownTimeout: 20_000,
      },
    });
  });

  it.each([
    ['--redis-url', 'localhost:6379', /^--redis-url "localhost:6379": expected a URL such as redis:/],
    ['--redis-url', 'http://localhost', /expected a URL such as redis:/],
    ['--redis-url', 'redis://localhost?db=1', /must not contain \? or #/],
    ['--statsd', '8125', /^--statsd "8125": expected HOST:PORT/],
    ['--log-max-files', '1', /^--log-max-files "1": expected a whole number from 2 to 100/],
    ['--log-max-size', 'big', /^--log-max-size "big": expected a size/],
  ])('refuse %s %s', (flag, value, fault) => {
    expect(parse(flag, value)).toMatchObject({ ok: false, faults: [expect.stringMatching(fault)] });
  });

  it('never show the password of a URL', () => {
    const parsed = parse('--redis-url', 'redis://user:sesame@');
    expect(JSON.stringify(parsed)).not.toContain('sesame');
  });
});
