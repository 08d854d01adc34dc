import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.ts';

describe('InFlight', () => {
  it('is a queue of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('remove' as const))),
        (steps) => {
          const queue = new InFlight();
          const model: number[] = [];
          for (const step of steps) {
            if (step === 'remove') {
              expect(queue.head?.unanswered).toBe(model.shift());
              queue.removeHead();
            } else {
              queue.add(step);
              model.push(step);
            }
            expect(queue.count).toBe(model.reduce((sum, one) => sum + one, 0));
          }
        },
      ),
    );
  });

  it('finds the latest runs of a target with a given number of pending requests', () => {
    const queue = new InFlight();
    const [mine, others] = [0, 1].map(() => ({ takeReplies() {}, takeLoss() {}, flush() {} }));
    if (mine === undefined || others === undefined) throw new Error('no targets');
    for (const [target, count] of [
      [mine, 5],
      [others, 3],
      [mine, 2],
      [mine, 1],
      [others, 1],
    ] as const) {
      queue.add(count).target = target;
    }
    const counts = (requests: number) => queue.latestOf(mine, requests).map(({ unanswered }) => unanswered);
    expect([counts(0), counts(1), counts(3), counts(8)]).toEqual([[], [1], [2, 1], [5, 2, 1]]);
  });

  it('keeps its order when it grows while wrapped around', () => {
    const queue = new InFlight();
    const sent: number[] = [];
    const got: number[] = [];
    for (let count = 1; count <= 500; count++) {
      queue.add(count);
      sent.push(count);
      if (count % 3 === 0) {
        got.push(queue.head?.unanswered ?? 0);
        queue.removeHead();
      }
    }
    for (; queue.head !== undefined; queue.removeHead()) got.push(queue.head.unanswered);
    expect(got).toEqual(sent);
  });
});
