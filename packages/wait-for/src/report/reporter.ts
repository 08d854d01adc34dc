import type { Clock } from '../schedule/clock.ts';
import type { Progress } from '../schedule/progress.ts';
import type { Ended } from '../schedule/wait.ts';
import type { Wanted } from '../target/target.ts';
import { type Entry, entriesOf, entryOf } from './entry.ts';
import { jsonLine, jsonSummary } from './json.ts';
import { rolesFor } from './roles.ts';
import { maxTerminationBytes, truncate } from './termination-log.ts';
import { textLine, textSummary } from './text.ts';

/** Content, format and destinations of the report. */
export interface ReporterOptions {
  readonly wanted: readonly Wanted[];
  readonly format: 'text' | 'json';
  /** Report only the summary. */
  readonly isQuiet: boolean;
  readonly clock: Clock;
  /** Takes one line, which may have further, indented ones. */
  readonly write: (line: string) => void;
}

const repeatMs = 30_000;

/** Time that denied targets wait for the others, to be reported together. */
const deniedMs = 2000;

/** Reports changes, and every half minute the targets that are still not ready. */
export class Reporter implements Disposable {
  readonly #options: ReporterOptions;
  readonly #waiting = new Map<Wanted, { readonly reason: string; readonly progress: Progress }>();
  /** Targets without any report yet. */
  readonly #unheard: Set<Wanted>;
  /** Targets that RBAC denies, collected until all have reported: one Role then allows them all. */
  #denied: Entry[] = [];
  #cancel: () => void = () => {};
  #cancelDenied: () => void = () => {};

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#unheard = new Set(options.wanted);
    if (!options.isQuiet) this.#repeat();
  }

  /** Records a try, and reports it only if its reason has changed. */
  changed(wanted: Wanted, progress: Progress): void {
    const reason = `${progress.state} ${progress.failure?.reason} ${progress.failure?.httpStatus ?? ''}`;
    const isNew = this.#waiting.get(wanted)?.reason !== reason;
    if (progress.state === 'waiting') this.#waiting.set(wanted, { reason, progress });
    else this.#waiting.delete(wanted);
    this.#unheard.delete(wanted);
    if (isNew) this.#take(entryOf(wanted, progress));
    if (this.#unheard.size === 0) this.#tellDenied();
  }

  #take(entry: Entry): void {
    if ((entry.progress.failure?.permissions ?? []).length === 0) {
      this.#say(entry);
      return;
    }
    this.#denied.push(entry);
    this.#cancelDenied();
    this.#cancelDenied = this.#options.clock.after(deniedMs, () => this.#tellDenied());
  }

  /** Reports denied targets, followed by one Role that allows them all. */
  #tellDenied(): void {
    this.#cancelDenied();
    const denied = this.#denied;
    this.#denied = [];
    const hint = rolesFor(denied.flatMap(({ progress }) => progress.failure?.permissions ?? []));
    for (const [index, entry] of denied.entries())
      this.#say(entry, index === denied.length - 1 ? hint : undefined);
  }

  /** Reports the last line and returns it, cut to the size of a termination log. */
  summary(ended: Ended): string {
    this.#tellDenied();
    const entries = entriesOf(ended);
    const { format, write } = this.#options;
    const line = format === 'json' ? jsonSummary(ended, entries) : textSummary(ended, entries);
    write(line);
    if (format === 'text') return truncate(line, maxTerminationBytes);
    const isShort = Buffer.byteLength(line) <= maxTerminationBytes;
    return isShort ? line : jsonSummary(ended, entries, maxTerminationBytes);
  }

  #say({ progress, ...entry }: Entry, hint = progress.failure?.hint): void {
    const { format, isQuiet, write } = this.#options;
    if (isQuiet) return;
    const { failure } = progress;
    const advised =
      failure === undefined || hint === undefined ? progress : { ...progress, failure: { ...failure, hint } };
    const said = { ...entry, progress: advised };
    write(format === 'json' ? jsonLine(said) : textLine(said));
  }

  #repeat(): void {
    const { clock } = this.#options;
    this.#cancel = clock.after(repeatMs, () => {
      for (const [wanted, { progress }] of this.#waiting) this.#say(entryOf(wanted, progress));
      this.#repeat();
    });
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#cancelDenied();
  }
}

/** The summary as one line of JSON with every target. */
export function report(ended: Ended): string {
  return `${jsonSummary(ended, entriesOf(ended))}\n`;
}
