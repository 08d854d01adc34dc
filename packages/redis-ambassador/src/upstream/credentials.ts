import { CodedError, describeError, readSecretFile } from '@pod-patterns/kit';

/** Source of user and password. */
export interface CredentialsOptions {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Takes precedence over `password`. */
  readonly passwordFile: string | undefined;
}

/** Upstream login. A password file is read at each login, as passwords change at run time. */
export class Credentials {
  readonly #options: CredentialsOptions;

  constructor(options: CredentialsOptions) {
    this.#options = options;
  }

  /** @throws CodedError `login-refused` when the file cannot be read */
  read(): { readonly user: string | undefined; readonly password: string | undefined } {
    const { user, password, passwordFile } = this.#options;
    if (passwordFile === undefined) return { user, password };
    try {
      return { user, password: readSecretFile(passwordFile) };
    } catch (cause) {
      throw new CodedError('login-refused', `cannot read the password: ${describeError(cause)}`, { cause });
    }
  }
}
