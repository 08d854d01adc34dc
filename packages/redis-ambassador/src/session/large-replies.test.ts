import { describe, expect, it } from 'vitest';
import { LargeReplies } from './large-replies.ts';

describe('LargeReplies', () => {
  it('are expected from the first one on, until nothing that was asked together was large', () => {
    const replies = new LargeReplies(100);
    expect(replies.isExpected).toBe(false);
    replies.diverted();
    expect(replies.isExpected).toBe(true);
    // in parts
    replies.came(60, 0);
    replies.came(60, 1);
    replies.came(5, 1);
    replies.answered();
    expect(replies.isExpected).toBe(true);
    // many small ones are no large one
    for (let count = 0; count < 10; count++) replies.came(90, 1);
    replies.answered();
    expect(replies.isExpected).toBe(false);
  });

  it('are expected by a client as long as it goes on to ask for them', () => {
    const replies = new LargeReplies(100);
    replies.diverted();
    for (let round = 0; round < 3; round++) {
      replies.came(101, 1);
      replies.answered();
      expect(replies.isExpected).toBe(true);
    }
  });

  it('are not expected where there is no link for them', () => {
    const replies = new LargeReplies(100);
    replies.diverted();
    replies.refused();
    expect(replies.isExpected).toBe(false);
  });
});
