import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs in front of PATH that record each call as a line and run a shell script. */
export class FakePrograms {
  readonly #folder: string;
  readonly #calls: string;

  constructor(folder: string, programs: Readonly<Record<string, string>>) {
    this.#folder = join(folder, 'programs');
    this.#calls = join(folder, 'calls');
    mkdirSync(this.#folder);
    for (const [name, script] of Object.entries(programs)) {
      const file = join(this.#folder, name);
      writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>'${this.#calls}'\n${script}\n`);
      chmodSync(file, 0o755);
    }
  }

  get path(): string {
    return `${this.#folder}:${process.env['PATH']}`;
  }

  get calls(): string[] {
    if (!existsSync(this.#calls)) return [];
    return readFileSync(this.#calls, 'utf8').trimEnd().split('\n');
  }
}
