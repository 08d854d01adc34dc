import type { Fault, Report } from '../api/fault.ts';
import type { Path } from '../load/position.ts';

/** A place in an object where faults are reported: `place.at('ports', 0).missing()`. */
export class Place {
  readonly path: Path;
  readonly #report: Report;

  constructor(path: Path, report: Report) {
    this.path = path;
    this.#report = report;
  }

  at(...steps: Path): Place {
    return new Place([...this.path, ...steps], this.#report);
  }

  invalid(message: string): void {
    this.#tell('invalid-value', message);
  }

  /** Reports when there is a fault: `place.check(nameFault(name))`. */
  check(fault: string | undefined): void {
    if (fault !== undefined) this.invalid(fault);
  }

  missing(message?: string): void {
    this.#tell('missing-field', message ?? `${this.path.at(-1)} is required`);
  }

  forbidden(message: string): void {
    this.#tell('forbidden-field', message);
  }

  duplicate(name: string | number): void {
    this.#tell('duplicate-name', `${name} appears twice`);
  }

  noVolume(name: string): void {
    this.#tell('missing-volume', `the pod has no volume ${JSON.stringify(name)}`);
  }

  #tell(rule: Fault['rule'], message: string): void {
    this.#report(rule, this.path, message);
  }

  /** Reports names that are there twice; empty ones are no names. */
  unique(names: readonly (string | undefined)[], steps: (index: number) => Path): void {
    const seen = new Set<string>();
    for (const [index, name] of names.entries()) {
      if (name === undefined || name === '') continue;
      if (seen.has(name)) this.at(...steps(index)).duplicate(name);
      seen.add(name);
    }
  }

  /** Reports a number below zero. */
  notNegative(value: number | undefined): void {
    if (value !== undefined && value < 0) this.invalid(`${value} must not be negative`);
  }

  within(value: number | undefined, least: number, most: number): void {
    if (value !== undefined && (value < least || value > most)) {
      this.invalid(`${value} is not between ${least} and ${most}`);
    }
  }

  oneOf(value: string | undefined, words: readonly string[]): void {
    if (value !== undefined && !words.includes(value)) {
      this.invalid(`${JSON.stringify(value)} is not one of ${words.join(', ')}`);
    }
  }
}
