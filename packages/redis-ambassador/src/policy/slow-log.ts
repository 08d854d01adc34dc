/** A slow command. */
export interface SlowCommand {
  /** ISO 8601. */
  readonly time: string;
  /** In lower case, with its subcommand. */
  readonly command: string;
  /** The first 128 bytes of its first key, if any. */
  readonly key: string | null;
  readonly node: string;
  readonly durationMs: number;
  /** The client's address. */
  readonly client: string;
}

const kept = 128;

/** The last slow commands, the latest first; values are never kept. */
export class SlowLog {
  readonly #commands: SlowCommand[] = [];

  note(command: SlowCommand): void {
    this.#commands.unshift(command);
    if (this.#commands.length > kept) this.#commands.pop();
  }

  report(): readonly SlowCommand[] {
    return this.#commands;
  }
}
