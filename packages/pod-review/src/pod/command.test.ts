import { expect, it } from 'vitest';
import { programsRun } from './command.ts';
import type { Container } from './container.ts';

const started = (command: readonly string[], args: readonly string[] = []): Container => ({
  name: 'c',
  form: 'app',
  path: [],
  spec: { name: 'c', command: [...command], args: [...args] },
});

it.each<[command: string[], programs: string[]]>([
  [[], []],
  [['psql', '-h', 'db'], ['psql']],
  [['/usr/lib/postgresql/17/bin/postgres', '-D', '/data'], ['postgres']],
  [['tini', '--', '/app/server'], ['server']],
  [['docker-entrypoint.sh', 'redis-server', '--port', '0'], ['redis-server']],
  [['gosu', 'postgres', 'pg_dump'], ['pg_dump']],
  [['timeout', '30', 'redis-cli', 'ping'], ['redis-cli']],
  [['env', 'A=b', 'mysqld'], ['mysqld']],
  [['-c', 'max_connections=200'], []],
  [
    ['sh', '-c', 'set -e\nuntil pg_isready; do sleep 1; done\nexec psql -f /x.sql | tee /log'],
    ['pg_isready', 'sleep', 'psql', 'tee'],
  ],
  [
    ['/bin/bash', '-euxc', 'A=1 mysqldump db > /d && aws s3 cp /d s3://b'],
    ['mysqldump', 'aws'],
  ],
  [
    ['bash', '-c', 'x=$(redis-cli get a); # comment\n! nc -z db 1'],
    ['redis-cli', 'nc'],
  ],
  [['sh', '-c', 'mysql \\\n  -h db'], ['mysql']],
])('%j runs %j', (command, programs) => {
  expect(programsRun(started(command), [])).toEqual(programs);
});

it('reads arguments, and a script that a ConfigMap of the input holds', () => {
  expect(programsRun(started([], ['kafka-topics.sh', '--list']), [])).toEqual(['kafka-topics.sh']);
  const files = [{ path: '/scripts/run.sh', text: '#!/bin/sh\nmongodump --out /d\n' }];
  expect(programsRun(started(['/scripts/run.sh']), files)).toEqual(['mongodump']);
  expect(programsRun(started(['sh', '/scripts/run.sh']), files)).toEqual(['mongodump']);
  expect(programsRun(started(['/scripts/other.sh']), files)).toEqual(['other.sh']);
});
