import { createHash, timingSafeEqual } from 'node:crypto';
import { CodedError, describeError, readSecretFile } from '@pod-patterns/kit';

/**
 * Checks the logins of clients. The file has a line per user: `user:password`, or `password` of `default`. It is
 * read at each login, as it may change at run time. Without a file, no login is needed.
 */
export class Access {
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  get isOpen(): boolean {
    return this.#file === undefined;
  }

  /** @throws CodedError `access-unreadable` */
  admits(user: string, password: string): boolean {
    if (this.#file === undefined) return user === 'default';
    const given = [`${user}:${password}`, ...(user === 'default' ? [password] : [])].map(digest);
    // compare every line, so that the time reveals nothing
    let isAdmitted = false;
    for (const line of this.#lines(this.#file)) {
      const wanted = digest(line);
      for (const one of given) isAdmitted = timingSafeEqual(wanted, one) || isAdmitted;
    }
    return isAdmitted;
  }

  #lines(file: string): string[] {
    try {
      const lines = readSecretFile(file).split(/\r?\n/);
      // client input is read as latin1
      return lines.filter((line) => line !== '').map((line) => Buffer.from(line).toString('latin1'));
    } catch (cause) {
      throw new CodedError('access-unreadable', `cannot read the password file: ${describeError(cause)}`, {
        cause,
      });
    }
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'latin1').digest();
}
