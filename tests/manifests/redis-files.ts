import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { mountFiles } from './mounted-files.ts';

const source = join(import.meta.dirname, '../../k8s/backends/redis');

/** The folders of the container of k8s/backends/redis, with its scripts, below a temporary folder. */
export class RedisFiles implements Disposable {
  readonly #folder = tempDir();
  readonly root = this.#folder.path;

  /** @param acl content that replaces users.acl */
  constructor(acl?: string) {
    for (const folder of ['etc/redis', 'run/redis', 'run/secrets/users']) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    for (const name of ['users.sh', 'reload.sh', 'users.acl']) {
      copyFileSync(join(source, name), this.path('etc/redis', name));
    }
    if (acl !== undefined) writeFileSync(this.path('etc/redis/users.acl'), acl);
  }

  path(...names: readonly string[]): string {
    return join(this.root, ...names);
  }

  /** Mounts the passwords of a user, or replaces them. */
  setPasswords(user: string, passwords: Readonly<Record<string, string>>): void {
    this.mount(`run/secrets/users/${user}`, passwords);
  }

  mount(name: string, files: Readonly<Record<string, string>>): void {
    const folder = this.path(name);
    if (!existsSync(folder)) mkdirSync(folder);
    mountFiles(folder, new Map(Object.entries(files)));
  }

  /** Runs users.sh. */
  users() {
    return this.run('users.sh');
  }

  /** Runs a script to its end. */
  run(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    return spawnSync('sh', [this.path('etc/redis', script), ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...env, ROOT: this.root },
    });
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}
