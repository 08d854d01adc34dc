import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

function sink(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

function append(outbox: Outbox, text: string) {
  const bytes = Buffer.from(`__${text}__`);
  return outbox.append(bytes, 2, bytes.length - 2);
}

describe('Outbox', () => {
  it('sends requests added since the last flush in one piece', () => {
    const outbox = new Outbox();
    const { stream, text } = sink();
    append(outbox, 'one');
    append(outbox, 'two');
    expect(outbox.writeTo(stream)).toBe(6);
    append(outbox, 'three');
    expect(outbox.writeTo(stream)).toBe(5);
    expect(outbox.writeTo(stream)).toBe(0);
    expect(text()).toBe('onetwothree');
  });

  it('keeps requests until they are answered, then reuses the memory', () => {
    const outbox = new Outbox();
    const { stream } = sink();
    const first = append(outbox, 'a');
    const second = append(outbox, 'b');
    outbox.writeTo(stream);
    outbox.release(first);
    expect(first.bytes.toString('latin1', 0, 2)).toBe('ab');
    expect(append(outbox, 'c').used).toBe(3);
    outbox.writeTo(stream);
    outbox.release(second);
    outbox.release(second);
    expect(append(outbox, 'd').used).toBe(1);
  });

  it('accepts more than one chunk, and frees the memory once answered', () => {
    const outbox = new Outbox();
    const { stream, text } = sink();
    const heldAtFirst = outbox.heldBytes;
    const parts = ['a'.repeat(60_000), 'b'.repeat(60_000), 'c'.repeat(600_000), 'd'];
    const chunks = parts.map((part) => append(outbox, part));
    expect(outbox.heldBytes).toBeGreaterThan(700_000);
    outbox.writeTo(stream);
    expect(text()).toBe(parts.join(''));
    for (const chunk of chunks) outbox.release(chunk);
    expect(outbox.heldBytes).toBe(heldAtFirst);
  });
});
