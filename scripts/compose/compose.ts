import { spawnSync } from 'node:child_process';
import { checkout, projectOf } from './project.ts';

/** Docker Compose for this checkout's project. */
export class Compose {
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    this.project = projectOf(checkout);
    // a tag for each clone: with one tag, a pod could get another clone's images
    const version = process.env['VERSION'] || this.project;
    this.env = { ...process.env, COMPOSE_PROJECT_NAME: this.project, VERSION: version };
  }

  /** The output of a command; empty if it fails. */
  ask(...args: readonly string[]): string {
    const asked = spawnSync('docker', args, { cwd: checkout, encoding: 'utf8', env: this.env });
    return asked.status === 0 ? asked.stdout.trim() : '';
  }

  /** Containers of the project, including stopped ones. */
  get containers(): string[] {
    return this.#owned('ps', '--all', '--format={{.Names}}');
  }

  get volumes(): string[] {
    return this.#owned('volume', 'ls', '--format={{.Name}}');
  }

  /** Images built for this project only. */
  get images(): string[] {
    return lines(
      this.ask(
        'image',
        'ls',
        `--filter=reference=pod-patterns/*:${this.project}`,
        '--format={{.Repository}}:{{.Tag}}',
      ),
    );
  }

  #owned(...list: readonly string[]): string[] {
    return lines(this.ask(...list, `--filter=label=com.docker.compose.project=${this.project}`));
  }
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
