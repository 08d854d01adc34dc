import { createHash, timingSafeEqual } from 'node:crypto';
import { CodedError, describeError, readSecretFile } from '@pod-patterns/kit';

/**
 * Who may use the ambassador. The file has a password (of the user `default`) or `user:password` a line; it is
 * read at each login, as it may be changed while we run. Without a file everybody may.
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
    // every line is compared with everything, so that the time tells nothing
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
      // what a client sends is taken as latin1
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
