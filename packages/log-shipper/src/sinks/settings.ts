import { Refusal, readTimerMs } from '@pod-patterns/kit';
import { type TlsFileNames, tlsFileSettings } from './tls-files.ts';

/** Reads a setting that is a duration, in milliseconds. */
export function readDuration(name: string, text: string): number | Refusal {
  const ms = readTimerMs(text);
  if (ms instanceof Refusal) return new Refusal(`${name}: ${ms.reason}`);
  if (ms !== undefined && ms > 0) return ms;
  return new Refusal(`${name}: expected a duration above 0 such as 250ms, 2s or 5m`);
}

/** Reads the settings that name PEM files. */
export function readTlsFileNames(
  given: ReadonlyMap<string, string>,
): { readonly files: TlsFileNames } | Refusal {
  if (given.has('cert') !== given.has('key')) return new Refusal('cert and key go together');
  return { files: Object.fromEntries(givenOf(tlsFileSettings, given)) };
}

/** The given names with their values. */
export function givenOf<Name extends string>(
  names: readonly Name[],
  given: ReadonlyMap<string, string>,
): Array<readonly [Name, string]> {
  return names.flatMap((name) => {
    const value = given.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
}
