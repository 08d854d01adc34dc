import { describe, expect, it } from 'vitest';
import { LargeReplies } from './large-replies.ts';

describe('LargeReplies', () => {
  it('are expected after the first one, until a round without a large one', () => {
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
    // many small replies do not count as a large one
    for (let count = 0; count < 10; count++) replies.came(90, 1);
    replies.answered();
    expect(replies.isExpected).toBe(false);
  });

  it('are expected as long as a client keeps requesting them', () => {
    const replies = new LargeReplies(100);
    replies.diverted();
    for (let round = 0; round < 3; round++) {
      replies.came(101, 1);
      replies.answered();
      expect(replies.isExpected).toBe(true);
    }
  });

  it('are not expected if there is no link for them', () => {
    const replies = new LargeReplies(100);
    replies.diverted();
    replies.refused();
    expect(replies.isExpected).toBe(false);
  });
});
