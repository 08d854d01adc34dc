import type { Logger } from '@pod-patterns/kit';
import type { BadLines } from '../bad-lines.ts';

const everyMs = 60_000;

/** Logs once a minute the number of new faulty lines and the last of them, if there are any. */
export function logBadLines(badLines: BadLines, log: Pick<Logger, 'warn'>): Disposable {
  let told = badLines.counts();
  const tell = () => {
    const counts = badLines.counts();
    const fresh = [...counts].map(([reason, count]) => [reason, count - (told.get(reason) ?? 0)] as const);
    const reasons = fresh.filter(([, count]) => count > 0);
    told = counts;
    if (reasons.length === 0) return;
    const [last] = badLines.list();
    log.warn('faulty lines', {
      reasons: Object.fromEntries(reasons),
      last: last?.line,
      reason: last?.reason,
    });
  };
  const timer = setInterval(tell, everyMs).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      // lines since the last minute are logged at the end
      tell();
    },
  };
}
