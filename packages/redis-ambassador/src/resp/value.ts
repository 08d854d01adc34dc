/** The version of RESP that a connection speaks. */
export type Protocol = 2 | 3;

/** An error reply of Redis. Its text begins with a word in capitals: `WRONGPASS`, `LOADING`, `ERR`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  /** First word of the text: the kind of error. */
  get word(): string {
    return this.message.split(' ', 1)[0] ?? '';
  }
}

/** A decoded reply. Only the ambassador's own few commands decode replies; clients get theirs as raw bytes. */
export type Value = string | number | boolean | null | ReplyError | readonly Value[] | Map<Value, Value>;
