import { describe, expect, it } from 'vitest';
import { lokiRefusal } from './loki-refusal.ts';

const head = Buffer.from('{"stream":{"file":"/a"},"values":[');
const otherHead = Buffer.from('{"stream":{"file":"/b"},"values":[');
/** 2026-01-31T12:00:00Z plus seconds, and nanoseconds if given. */
const at = (seconds: number, nanoseconds = 0) =>
  `${1_769_860_800 + seconds}${String(nanoseconds).padStart(9, '0')}`;

const lines: ReadonlyArray<readonly [string, string]> = [
  [at(0), 'short'],
  [at(1, 5), 'ü'.repeat(50)],
  [at(2), 'y'.repeat(100)],
  [at(3), 'z'.repeat(101)],
];

function refusal(text: string, heads: readonly Buffer[] = [head]) {
  const bytes = Buffer.from(lines.map((entry) => `${JSON.stringify(entry)},\n`).join(''));
  const groups = heads.map((one, index) => ({ start: index * 10, head: one }));
  const outcome = lokiRefusal(text, { bytes, count: lines.length, groups });
  if (outcome.kind !== 'partly-refused') return outcome;
  const { refused, areOthersAccepted } = outcome;
  return { refused: Object.fromEntries(refused), areOthersAccepted };
}

const stream = `{file="/a", service_name="unknown_service"}`;
const tooLong = `Max entry size '100' bytes exceeded for stream '${stream}' while adding an entry with length '101' bytes`;
const tooOld = `entry for stream '${stream}' has timestamp too old: 2026-01-31T12:00:00Z, oldest acceptable timestamp is: 2026-01-31T12:00:02Z`;
const ignored = (time: string, reason = 'entry too far behind, entry timestamp is: x') =>
  `entry with timestamp ${time} +0000 UTC ignored, reason: '${reason}',`;
const total = (ignoredCount: number, all = 4) =>
  `user 'fake', total ignored: ${ignoredCount} out of ${all} for stream: ${stream}`;

describe('lokiRefusal', () => {
  it('finds lines above the limit by their length in bytes', () => {
    expect(refusal(tooLong)).toEqual({ refused: { 3: 'line_too_long' }, areOthersAccepted: false });
    expect(refusal(tooLong.replace('100', '99'))).toMatchObject({
      refused: { 1: 'line_too_long', 2: 'line_too_long', 3: 'line_too_long' },
    });
  });

  it('finds entries before the oldest acceptable time', () => {
    const reason = 'greater_than_max_sample_age';
    expect(refusal(tooOld)).toEqual({ refused: { 0: reason, 1: reason }, areOthersAccepted: false });
  });

  it('parses several messages in one answer', () => {
    const reason = 'greater_than_max_sample_age';
    expect(refusal(`2 errors like: ${tooOld}; 1 errors like: ${tooLong}`)).toMatchObject({
      refused: { 0: reason, 1: reason, 3: 'line_too_long' },
    });
  });

  it('finds entries by their time, and knows that the others were accepted if all ignored ones are named', () => {
    const text = `${ignored('2026-01-31 12:00:01.000000005')} ${ignored('2026-01-31 12:00:02')} `;
    const refused = { 1: 'too_far_behind', 2: 'too_far_behind' };
    expect(refusal(text + total(2))).toEqual({ refused, areOthersAccepted: true });
    // the answer does not name every ignored entry, or does not cover the whole push
    expect(refusal(text + total(12))).toEqual({ refused, areOthersAccepted: false });
    expect(refusal(text + total(2, 3))).toEqual({ refused, areOthersAccepted: false });
  });

  it('does not apply a time of one stream to another', () => {
    const text = `${ignored('2026-01-31 12:00:02')} ${total(1)}`;
    expect(refusal(text, [head, otherHead])).toMatchObject({ kind: 'refused', reason: '400' });
    expect(refusal(text, [head, head])).toMatchObject({ refused: { 2: 'too_far_behind' } });
  });

  it.each([
    'something else',
    tooLong.replace('100', '1000'),
    `${ignored('2026-01-31 13:00:00')} ${total(1)}`,
    tooOld.replaceAll('2026', '2025'),
  ])('cannot assign a message, so that the push is halved: %s', (text) => {
    expect(refusal(text)).toMatchObject({ kind: 'refused', reason: '400' });
  });

  it.each([
    `entry for stream '${stream}' has 16 label names; limit 15`,
    `stream '${stream}' has label value too long: 'x'`,
    `Error parsing labels '{' with error: parse error`,
    'error at least one label pair is required per stream',
    `stream '${stream}' includes structured metadata, but this feature is disallowed. Please see`,
    `entry for stream '${stream}' has timestamp too new: 2026-01-31T12:00:00Z`,
    'no org id',
  ])("gives up no entry for a fault in Loki's configuration: %s", (text) => {
    expect(refusal(text)).toMatchObject({ kind: 'retry', reason: '400' });
  });
});
