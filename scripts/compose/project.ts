import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The checkout that these scripts belong to. */
export const checkout = realpathSync(join(import.meta.dirname, '../..'));

/** Compose's own project name for a folder: its last part, in lower case, without other characters. */
export function composeNameOf(folder: string): string {
  return basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

/** Compose's name with a hash of the path, so clones in folders of the same name are separate projects. */
export function projectNameOf(folder: string): string {
  const name = composeNameOf(folder).slice(0, 40);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  return `${name === '' ? 'pod' : name}-${hash}`;
}

const written = /^# written by make for (.*)\nCOMPOSE_PROJECT_NAME=(.*)\nVERSION=.*\n/m;

/** The project that `.env` names, unless `make` wrote it for another folder: a checkout may be copied or moved. */
export function projectIn(env: string, folder: string): string | undefined {
  const [, writtenFor, name] = written.exec(env) ?? [];
  if (writtenFor === folder) return name;
  return /^(?:export )?COMPOSE_PROJECT_NAME=["']?([\w-]+)/m.exec(env.replace(written, ''))?.[1];
}

/** Adds the project to `.env`, so that a plain `docker compose` in the folder finds the pod and images of `make`. */
export function withProject(env: string, folder: string, name: string): string {
  if (projectIn(env, folder) !== undefined) return env;
  const others = env.replace(written, '');
  const end = others === '' || others.endsWith('\n') ? '' : '\n';
  return `${others}${end}# written by make for ${folder}\nCOMPOSE_PROJECT_NAME=${name}\nVERSION=${name}\n`;
}

/** The project name of this checkout: the user's, the one in `.env`, or that of its path. */
export function projectOf(folder: string): string {
  const chosen = process.env['COMPOSE_PROJECT_NAME'] || projectIn(readEnv(folder), folder);
  if (chosen !== undefined) return chosen;
  // a pod that a plain `docker compose up` in this folder started before `make` did
  const plain = composeNameOf(folder);
  const format = '{{.Label "com.docker.compose.project.working_dir"}}';
  const label = `label=com.docker.compose.project=${plain}`;
  const found = spawnSync('docker', ['ps', '--all', '--filter', label, '--format', format], {
    encoding: 'utf8',
  });
  const isOurs = (found.stdout ?? '')
    .split('\n')
    .some((started) => started !== '' && isSame(started, folder));
  return isOurs ? plain : projectNameOf(folder);
}

/** Keeps the name for plain `docker compose` commands, unless the user has set one. */
export function keepProject(folder: string, name: string): void {
  if (process.env['COMPOSE_PROJECT_NAME']) return;
  const before = readEnv(folder);
  const after = withProject(before, folder, name);
  if (after !== before) writeFileSync(join(folder, '.env'), after);
}

/** Removes the name from `.env`. */
export function forgetProject(folder: string): void {
  const before = readEnv(folder);
  const others = before.replace(written, '');
  const file = join(folder, '.env');
  if (others === '') rmSync(file, { force: true });
  else if (others !== before) writeFileSync(file, others);
}

function readEnv(folder: string): string {
  try {
    return readFileSync(join(folder, '.env'), 'utf8');
  } catch {
    return '';
  }
}

function isSame(folder: string, other: string): boolean {
  try {
    return realpathSync(folder) === other;
  } catch {
    return false; // of a folder that is gone
  }
}
