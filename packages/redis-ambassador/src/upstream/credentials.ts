import { CodedError, describeError, readSecretFile } from '@pod-patterns/kit';

/** Where user and password come from. */
export interface CredentialsOptions {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Goes before `password`. */
  readonly passwordFile: string | undefined;
}

/** How to log in upstream. A password file is read at each login, as passwords are changed while we run. */
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
