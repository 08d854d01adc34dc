import type { Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ReadGate } from './read-gate.ts';
import { ReadTurn } from './read-turn.ts';

/** A socket that only records whether it is paused. */
class FakeSocket {
  isRead = true;

  pause(): void {
    this.isRead = false;
  }

  resume(): void {
    this.isRead = true;
  }
}

function start() {
  const socket = new FakeSocket();
  // a gate uses only these members of a socket
  const gate = new ReadGate(socket as unknown as Socket, new ReadTurn(100));
  const read = (bytes: number) => {
    const goesOn = gate.passes(bytes);
    // like Node
    if (!goesOn) socket.isRead = false;
  };
  return { socket, gate, read };
}

/** Waits for the close phase of the next turn of the event loop. */
async function nextTurn(): Promise<void> {
  for (let count = 0; count < 3; count++) await immediate();
}

describe('ReadGate', () => {
  it('pauses a held socket until it is released', () => {
    const { socket, gate, read } = start();
    gate.hold(true);
    expect([socket.isRead, gate.isHeld]).toEqual([false, true]);
    gate.hold(false);
    expect([socket.isRead, gate.isHeld]).toEqual([true, false]);
    read(10);
    expect(socket.isRead).toBe(true);
  });

  it('pauses a socket that has read enough until the next turn', async () => {
    const { socket, read } = start();
    read(100);
    expect(socket.isRead).toBe(false);
    await nextTurn();
    expect(socket.isRead).toBe(true);
  });

  it('does not resume a held socket at the next turn', async () => {
    const { socket, gate, read } = start();
    gate.hold(true);
    read(100);
    await nextTurn();
    expect(socket.isRead).toBe(false);
    gate.hold(false);
    expect(socket.isRead).toBe(true);
  });

  it('does not resume a released socket before the next turn', async () => {
    const { socket, gate, read } = start();
    read(100);
    gate.hold(true);
    gate.hold(false);
    expect(socket.isRead).toBe(false);
    await nextTurn();
    expect(socket.isRead).toBe(true);
  });
});
