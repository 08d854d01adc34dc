import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '@pod-patterns/kit';
import type { PodPorts } from './containers.ts';
import type { ProcessId } from './process-id.ts';
import { writeWhole } from './write-whole.ts';

/** One process of the pod. `order` is its place in the start, from 1; the stop is in reverse order. */
export interface PodProcess extends ProcessId {
  readonly name: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly log: string;
  readonly order: number;
  /** Changes with the program, its arguments and its environment. */
  readonly fingerprint: string;
  /** Whether it was ready once; its ports are then its own until it ends. */
  readonly wasReady: boolean;
}

/** The content of `.pod/state.json`: the pod while it starts, runs and stops. */
export interface PodState {
  readonly startedAt: string;
  readonly url: string;
  readonly ports: PodPorts;
  readonly processes: readonly PodProcess[];
  readonly redis: { readonly host: string; readonly port: number };
}

/** The pod's folder: `.pod`, or `POD_DIR`. */
export function podFolder(): string {
  return process.env['POD_DIR'] ?? '.pod';
}

export function stateFile(folder: string): string {
  return join(folder, 'state.json');
}

/** The last written state; undefined if no pod was started, or it was stopped. */
export function readState(folder: string): PodState | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(folder), 'utf8')) as PodState; // only writeState writes it
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeState(folder: string, state: PodState): void {
  writeWhole(stateFile(folder), `${JSON.stringify(state, undefined, 2)}\n`);
}

/** The state of a starting pod: each change is in the file before the next step. */
export class StartingState {
  readonly #folder: string;
  #state: PodState;

  constructor(folder: string, state: PodState) {
    this.#folder = folder;
    this.#state = state;
    writeState(folder, state);
  }

  get state(): PodState {
    return this.#state;
  }

  find(name: string): PodProcess | undefined {
    return this.#state.processes.find((process) => process.name === name);
  }

  /** Records a process, and replaces an earlier one of the same name. */
  put(process: PodProcess): void {
    this.#write([...this.#without(process.name), process]);
  }

  drop(name: string): void {
    this.#write(this.#without(name));
  }

  #without(name: string): PodProcess[] {
    return this.#state.processes.filter((process) => process.name !== name);
  }

  #write(processes: readonly PodProcess[]): void {
    this.#state = { ...this.#state, processes };
    writeState(this.#folder, this.#state);
  }
}
