/** The version of RESP that a connection speaks. */
export type Protocol = 2 | 3;

/** An error that Redis answered. Its text begins with a word in capitals: `WRONGPASS`, `LOADING`, `ERR`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  /** The word in front: what kind of error it is. */
  get word(): string {
    return this.message.split(' ', 1)[0] ?? '';
  }
}

/** A reply as a value. Only the ambassador's own few commands decode theirs; clients' are passed on as bytes. */
export type Value = string | number | boolean | null | ReplyError | readonly Value[] | Map<Value, Value>;
