import { expect, it } from 'vitest';
import { composeNameOf, projectIn, projectNameOf, withProject } from '../../scripts/compose/project.ts';

it.each([
  ['/home/me/pod-patterns', 'pod-patterns'],
  ['/home/me/Pod Patterns (2)', 'podpatterns2'],
  ['/home/me/_-.x', 'x'],
  ['/home/me/日本', ''],
])('Compose calls the project of %s %j', (folder, name) => {
  expect(composeNameOf(folder)).toBe(name);
});

it.each(['/a/pod-patterns', '/b/pod-patterns', '/a/Pod-Patterns', '/日本', '/a/_', `/${'x'.repeat(200)}`])(
  'the project of %s is of this path alone, valid for Compose and short enough for a host name',
  (folder) => {
    const name = projectNameOf(folder);
    expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
    expect(`${name}-web`.length).toBeLessThanOrEqual(63);
    expect(projectNameOf(folder)).toBe(name);
    expect(projectNameOf(`${folder}/pod-patterns`)).not.toBe(projectNameOf('/other/pod-patterns'));
  },
);

const ours = withProject('', '/a/pod', 'pod-1');

it.each([
  ['nothing', '', undefined],
  ['what make wrote', ours, 'pod-1'],
  ['what make wrote, with settings around it', `WEB_PORT=1\n${ours}X=2\n`, 'pod-1'],
  ['what make wrote for a folder that this one is a copy of', withProject('', '/b/pod', 'pod-2'), undefined],
  ["the user's own", 'COMPOSE_PROJECT_NAME=mine\n', 'mine'],
  ["the user's own, quoted", 'export COMPOSE_PROJECT_NAME="mine"', 'mine'],
  [
    "the user's own beside another folder's",
    `COMPOSE_PROJECT_NAME=mine\n${withProject('', '/b/pod', 'x')}`,
    'mine',
  ],
  ['a comment', '# COMPOSE_PROJECT_NAME=mine\n', undefined],
])('.env of /a/pod names the project: %s', (_, env, name) => {
  expect(projectIn(env, '/a/pod')).toBe(name);
});

it.each([
  ['', ours],
  ['WEB_PORT=1', `WEB_PORT=1\n${ours}`],
  ['WEB_PORT=1\n', `WEB_PORT=1\n${ours}`],
  [ours, ours],
  [`${withProject('', '/b/pod', 'pod-2')}WEB_PORT=1\n`, `WEB_PORT=1\n${ours}`],
  ['COMPOSE_PROJECT_NAME=mine\n', 'COMPOSE_PROJECT_NAME=mine\n'],
])('.env %j gets the project and keeps the rest', (before, after) => {
  expect(withProject(before, '/a/pod', 'pod-1')).toBe(after);
});
