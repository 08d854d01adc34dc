import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { expect, it } from 'vitest';
import { blocksOf, programsOf, runBlocks } from '../readme/run-blocks.ts';
import { Pod } from './pod.ts';

const blocks = blocksOf('README.md', 'pod');
const required = needs(redisServer, ...programsOf(blocks));

it('the two commands of the README work, with what they print', required, async () => {
  using pod = new Pod();
  const env = { POD: 'processes', POD_DIR: pod.folder };
  const [up, ...rest] = blocks;
  expect(await runBlocks(up === undefined ? [] : [up], { timeoutMs: 50_000, env })).toEqual([]);
  // the usual ports may be taken by another pod
  const { url } = pod.state;
  const metrics = `127.0.0.1:${pod.port('statsd-adaptor', 'metrics')}`;
  const here = rest.map((block) => ({
    ...block,
    commands: block.commands.replaceAll('http://127.0.0.1:8080', url).replaceAll('127.0.0.1:9102', metrics),
  }));
  expect(here.length).toBeGreaterThan(2);
  expect(await runBlocks(here, { timeoutMs: 50_000, env })).toEqual([]);
});
