import { hash as digest } from 'node:crypto';

const maxKnown = 100;
const maxWaiting = 10;

/**
 * Checks passwords against bcrypt hashes, one at a time, because each check takes tens of milliseconds of CPU.
 * Correct logins are remembered; at most ten others wait, and further ones are refused unchecked.
 */
export class Logins {
  readonly #known = new Set<string>();
  #last: Promise<boolean> = Promise.resolve(false);
  #waiting = 0;

  /** Whether an Authorization header is a valid login of a user, given the users' hashes. */
  async admits(users: ReadonlyMap<string, string>, header: string | undefined): Promise<boolean> {
    const login = readLogin(header);
    // an unknown user takes as long as a known one
    const hash = login === undefined ? undefined : (users.get(login.user) ?? [...users.values()][0]);
    if (login === undefined || hash === undefined) return false;
    const key = digest('sha256', JSON.stringify([login, hash]));
    if (this.#known.has(key)) return true;
    if (this.#waiting >= maxWaiting) return false;
    const isRight = (await this.#inTurn(login.password, hash)) && users.has(login.user);
    if (!isRight) return false;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.add(key);
    return true;
  }

  async #inTurn(password: string, hash: string): Promise<boolean> {
    this.#waiting++;
    const before = this.#last;
    this.#last = before.catch(() => false).then(() => matches(password, hash));
    try {
      return await this.#last;
    } finally {
      this.#waiting--;
    }
  }
}

async function matches(password: string, hash: string): Promise<boolean> {
  const { compare } = await import('bcryptjs');
  return compare(password, hash);
}

interface Login {
  readonly user: string;
  readonly password: string;
}

/** Reads a Basic login (RFC 7617). */
function readLogin(header = ''): Login | undefined {
  const [, encoded = ''] = /^basic +([a-z0-9+/]+=*) *$/i.exec(header) ?? [];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
