import type { LookupAddress, LookupOptions } from 'node:dns';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/**
 * Names to addresses as the system does it (hosts file, search domains). It cannot be cancelled and takes
 * one of four threads, so a question that is still under way is never asked a second time: with a DNS server
 * that drops, the tries of a target would otherwise pile up behind each other.
 */
export class Lookups {
  readonly #underWay = new Map<string, Answer[]>();

  /** As `lookup` of node:dns with `all`. */
  resolve(host: string, family: 0 | 4 | 6, answer: Answer): void {
    const question = `${family} ${host}`;
    const waiting = this.#underWay.get(question);
    if (waiting !== undefined) {
      waiting.push(answer);
      return;
    }
    const askers = [answer];
    this.#underWay.set(question, askers);
    const options: LookupOptions & { all: true } = { all: true, family, order: 'verbatim' };
    import('node:dns').then(({ lookup }) =>
      lookup(host, options, (error, addresses) => {
        this.#underWay.delete(question);
        for (const asker of askers) asker(error, addresses);
      }),
    );
  }
}
