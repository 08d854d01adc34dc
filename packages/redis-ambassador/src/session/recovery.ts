import type { RejectReason } from '../figures.ts';
import type { RunLoss, SentRun } from '../upstream/reply-target.ts';
import type { Intake } from './intake.ts';
import { type Lost, lossError, noteLost, partLost } from './losses.ts';
import type { SessionParts } from './view.ts';

/** Fails or retries a client's requests after the loss of their link. */
export class Recovery {
  readonly #parts: SessionParts;
  readonly #intake: Intake;
  readonly #cut: (reason: RejectReason) => void;
  #lost: Lost[] = [];

  constructor(parts: SessionParts, intake: Intake, cut: (reason: RejectReason) => void) {
    this.#parts = parts;
    this.#intake = intake;
    this.#cut = cut;
  }

  /** Records lost requests; the run itself is reused. */
  note(run: SentRun, loss: RunLoss): void {
    const { sender, services } = this.#parts;
    const lost = noteLost(run, loss, services.now());
    sender.lost(lost);
    this.#lost.push(lost);
  }

  /** Fails or retries all recorded requests. */
  settle(): void {
    if (this.#lost.length === 0) return;
    const { output, services } = this.#parts;
    const { failed, repeat } = partLost(this.#lost);
    this.#lost = [];
    if (output.isInsideReply) {
      this.#cut('reply-cut');
      return;
    }
    output.dropPartial();
    for (const { count, loss, isMuted } of failed) {
      const { reason, text } = lossError(loss);
      services.figures.countError(reason, count);
      if (!isMuted) output.appendText(text.repeat(count));
    }
    this.#repeat(repeat);
  }

  /** Takes requests again, with their original times. */
  #repeat(lost: readonly Lost[]): void {
    const { figures, limits } = this.#parts.services;
    const requests = lost.flatMap(({ bytes, deadline }) =>
      bytes === undefined ? [] : { bytes, readAt: deadline - limits.timeoutMs },
    );
    if (requests.length === 0) return;
    figures.repeated += lost.reduce((sum, { count }) => sum + count, 0);
    const { holder } = this.#parts;
    if (holder.current?.link.isLost) holder.drop();
    this.#intake.putBack(requests);
    this.#intake.resume();
  }
}
