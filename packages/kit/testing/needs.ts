import type { TestOptions } from 'vitest';
import { findBinary } from './find-binary.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Names of the unmet needs: `make test` reads them from the report. */
    missing?: readonly string[];
  }
}

/** A need of a test beyond a checkout: a program, a right, an operating system. */
export interface Need {
  readonly name: string;
  readonly isMet: boolean;
}

/** A program of this machine. */
export interface Installed extends Need {
  /** Its file, or its bare name if it is missing. */
  readonly path: string;
}

/** Finds a program by its name or, if given, by these names and files in turn. */
export function installed(name: string, candidates: readonly string[] = [name]): Installed {
  const path = findBinary(...candidates);
  return { name, path: path ?? name, isMet: path !== undefined };
}

/**
 * Options of a test or a suite: `it('speaks TLS', needs(openssl), …)`. It is skipped if a need is not met, and
 * the report names the need. @throws with `CI=true`, where no test may be skipped
 */
export function needs(...all: readonly Need[]): TestOptions {
  const missing = all.filter(({ isMet }) => !isMet).map(({ name }) => name);
  if (missing.length === 0) return {};
  if (process.env['CI'] === 'true') throw new Error(`CI needs ${missing.join(', ')}`);
  return { skip: true, meta: { missing } };
}
