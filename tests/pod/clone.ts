import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { images } from '../../scripts/packages.ts';
import { usualPorts } from '../../scripts/pod/usual-ports.ts';
import { Pod } from './pod.ts';

const checkout = join(import.meta.dirname, '../..');

/** A second checkout with everything that `make up` runs, in a folder with an awkward name; its programs can be changed. */
export class Clone implements Disposable {
  readonly #folder = tempDir();
  readonly root = join(this.#folder.path, "a clone [of] {pod}, 100% José's");
  readonly pod: Pod;

  constructor() {
    mkdirSync(join(this.root, 'packages'), { recursive: true });
    cpSync(join(checkout, 'scripts/pod'), join(this.root, 'scripts/pod'), { recursive: true });
    // no other pod takes a port that is free for a moment
    const base = 20_000 + 10 * randomInt(1200);
    const ports = Object.keys(usualPorts).map((name, index) => [name, base + index]);
    const source = `export const usualPorts = ${JSON.stringify(Object.fromEntries(ports))};`;
    writeFileSync(join(this.root, 'scripts/pod/usual-ports.ts'), source);
    for (const name of ['k8s', 'node_modules']) symlinkSync(join(checkout, name), join(this.root, name));
    for (const name of images)
      cpSync(this.#dist(checkout, name), this.#dist(this.root, name), { recursive: true });
    this.pod = new Pod(this.root);
  }

  /** Makes another version of a program with the same behaviour. */
  change(name: string): void {
    const file = this.#program(name);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// changed\n`);
  }

  /** Makes a version of a program that starts and is never ready. */
  hang(name: string): void {
    this.replace(name, 'setInterval(() => {}, 60_000)');
  }

  replace(name: string, source: string): void {
    writeFileSync(this.#program(name), source);
  }

  /** Restores the program of the checkout. */
  mend(name: string): void {
    cpSync(this.#dist(checkout, name), this.#dist(this.root, name), { recursive: true });
  }

  #program(name: string): string {
    return join(this.#dist(this.root, name), `${name}.js`);
  }

  #dist(root: string, name: string): string {
    return join(root, 'packages', name, 'dist');
  }

  [Symbol.dispose](): void {
    this.pod[Symbol.dispose]();
    this.#folder[Symbol.dispose]();
  }
}
