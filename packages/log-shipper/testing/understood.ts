import { Refusal } from '@pod-patterns/kit';

/** Unwraps the result of a parser for input that a test knows to be valid. */
export function understood<Value extends object>(read: Value | Refusal | undefined): Value {
  if (read === undefined) throw new Error('the input was not understood');
  if (read instanceof Refusal) throw new Error(read.reason);
  return read;
}
