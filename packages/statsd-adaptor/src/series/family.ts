import { type FamilyKind, sampleNames } from './family-kind.ts';
import type { Series, SeriesFamily } from './series.ts';
import type { Account } from './series-memory.ts';

export type FamilyStart = Pick<Family, 'name' | 'kind' | 'help' | 'account'>;

/** All series of one metric name. */
export class Family implements SeriesFamily {
  readonly name: string;
  readonly kind: FamilyKind;
  readonly help: string;
  /** Memory taken by the name. */
  readonly account: Account;
  /** By the text of their labels. */
  readonly series = new Map<string, Series>();
  /** Number of series by set of label names. */
  readonly #shapes = new Map<string, number>();

  constructor({ name, kind, help, account }: FamilyStart) {
    this.name = name;
    this.kind = kind;
    this.help = help;
    this.account = account;
  }

  /** All sample names of this metric in an exposition. */
  get sampleNames(): string[] {
    return sampleNames(this.name, this.kind);
  }

  /** The number of different sets of label names. */
  get shapeCount(): number {
    return this.#shapes.size;
  }

  add(series: Series): void {
    const { text, names } = series.labels;
    this.series.set(text, series);
    this.#shapes.set(names, (this.#shapes.get(names) ?? 0) + 1);
  }

  remove(series: Series): void {
    const { text, names } = series.labels;
    series.retire();
    this.series.delete(text);
    const left = (this.#shapes.get(names) ?? 1) - 1;
    if (left === 0) this.#shapes.delete(names);
    else this.#shapes.set(names, left);
  }
}
