import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectNameOf } from '../../scripts/compose/project.ts';
import { mustDocker } from '../images/docker.ts';

const root = join(import.meta.dirname, '../..');
const parts = [
  'Makefile',
  'docker-compose.yml',
  'package.json',
  'package-lock.json',
  'packages',
  'scripts',
  'k8s',
];

export interface Made {
  readonly status: number | null;
  readonly output: string;
}

/** Another clone on this machine that shares this one's dependencies, and is driven by `make`. */
export class Checkout {
  readonly folder: string;
  readonly project: string;

  constructor(folder: string) {
    this.folder = folder;
    this.project = projectNameOf(folder);
    const isSource = (file: string) => !['node_modules', 'dist'].includes(basename(file));
    for (const part of parts)
      cpSync(join(root, part), join(folder, part), { recursive: true, filter: isSource });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  }

  /** Starts `make` in its own process group, as a terminal does. */
  start(verb: string): ChildProcess {
    const { COMPOSE_PROJECT_NAME: _, ...env } = process.env;
    const args = ['--assume-old=node_modules/.package-lock.json', verb, 'POD=compose'];
    return spawn('make', verb === 'up' ? args : args.slice(0, -1), {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }

  async make(verb: string): Promise<Made> {
    const child = this.start(verb);
    if (child.stdout === null || child.stderr === null) throw new Error('spawned without pipes');
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [output, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { status, output: output + errors };
  }

  /** Runs `make up`. @returns the URL that it prints */
  async up(): Promise<string> {
    const { status, output } = await this.make('up');
    const url = /^The pod is up, in containers: (http:\S+)$/m.exec(output)?.[1];
    if (status !== 0 || url === undefined) throw new Error(`make up ended with ${status}:\n${output}`);
    return url;
  }

  edit(file: string, before: string, after: string): void {
    const path = join(this.folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(before)) throw new Error(`${file} does not have ${before}`);
    writeFileSync(path, source.replaceAll(before, after));
  }

  get hasBuildLog(): boolean {
    return existsSync(join(this.folder, '.pod/build.log'));
  }

  /** Ids of its long-running containers, by service. */
  containers(): Record<string, string> {
    const format = '{{.Label "com.docker.compose.service"}} {{.ID}}';
    const found = mustDocker('ps', '--no-trunc', `--filter=${this.#label}`, `--format=${format}`);
    return Object.fromEntries(found.split('\n').map((line) => line.split(' ')));
  }

  volumes(): string[] {
    const found = mustDocker('volume', 'ls', '--quiet', `--filter=${this.#label}`);
    return found === '' ? [] : found.split('\n');
  }

  get #label(): string {
    return `label=com.docker.compose.project=${this.project}`;
  }
}
