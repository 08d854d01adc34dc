import { Refusal } from '@pod-patterns/kit';

/** What was read, which a test knows to be right. */
export function understood<Value extends object>(read: Value | Refusal | undefined): Value {
  if (read === undefined) throw new Error('it was not understood');
  if (read instanceof Refusal) throw new Error(read.reason);
  return read;
}
