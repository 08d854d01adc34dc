import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { describeCommands } from '../scripts/commands.ts';

const kept = join(import.meta.dirname, '../src/command/commands.json');

describe('commands.json', needs(redisServer), () => {
  it('matches a Redis of the same version', async () => {
    await using redis = await RedisServer.start();
    const now: unknown = JSON.parse(await describeCommands(redis.port));
    const before: { redis: string } = JSON.parse(readFileSync(kept, 'utf8'));
    // another version has other commands; the differential test covers those we rely on
    if ((now as { redis: string }).redis === before.redis) expect(before).toEqual(now);
    else expect(Object.keys(now as object)).toEqual(Object.keys(before));
  });
});
