import { appendFileSync, renameSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import { expect, it } from 'vitest';
import { Pod } from './pod.ts';

it(
  'make logs shows each log, the files of web and the shipped records, through rotation, until Ctrl-C',
  needs(redisServer),
  async () => {
    using pod = new Pod();
    expect(pod.up()).toMatchObject({ status: 0 });
    const logs = pod.run('logs');
    const shows = (label: string, text: string) =>
      eventually(() => logs.output.split('\n').some((line) => line.startsWith(label) && line.includes(text)));

    await shows('redis               |', 'Ready to accept connections');
    await shows('wait-for            |', 'redis  ready');
    await shows('redis-ambassador    |', '"msg":"started"');
    await fetch(`${pod.state.url}/api/views/logged`, { method: 'POST' });
    await shows('web access.log      |', '"page":"logged"');
    await shows('log-shipper records |', '"page":"logged"');
    const access = `${pod.folder}/var/log/app/access.log`;
    renameSync(access, `${pod.folder}/var/log/app/access.1.log`);
    appendFileSync(access, 'after the rotation\n\u001b[2J\n');
    await shows('web access.log      |', 'after the rotation');
    await shows('web access.log      |', '\\u001b[2J');

    expect(await logs.stop('SIGINT')).toMatchObject({ status: 0 });
    expect(() => process.kill(-logs.pid, 0)).toThrow('ESRCH');
  },
);
