import { createServer } from 'node:net';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { expect, it } from 'vitest';
import { Pod } from './pod.ts';

it(
  'make up uses the next free port if a default port is taken, and says so',
  needs(redisServer),
  async () => {
    // this test has the port, or another pod
    const other = createServer().on('error', () => {});
    await new Promise((resolve) => {
      other.once('listening', resolve).once('error', resolve).listen(8080, '127.0.0.1');
    });
    try {
      using pod = new Pod();
      const { status, output } = pod.up();
      expect(status).toBe(0);
      const port = pod.port('web', 'http');
      expect(port).toBeGreaterThan(8080);
      expect(output).toContain(`http ${port} (8080 is taken)`);
      expect((await fetch(pod.state.url)).status).toBe(200);
    } finally {
      other.close();
    }
  },
);
