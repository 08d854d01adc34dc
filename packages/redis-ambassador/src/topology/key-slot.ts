import { byteAt } from '../resp/bytes.ts';

/** Number of slots in a Cluster. */
export const slotCount = 16_384;

const open = 0x7b; // {
const close = 0x7d; // }

/** CRC-16/XMODEM of each byte. */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc;
});

/** Computes the slot of the key from `start` to `end`: of the text in its first braces, if not empty. */
export function keySlot(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (byteAt(bytes, at) !== open) continue;
    const from = at + 1;
    let to = from;
    while (to < end && byteAt(bytes, to) !== close) to++;
    return to === end || to === from ? crc16(bytes, start, end) : crc16(bytes, from, to);
  }
  return crc16(bytes, start, end);
}

function crc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let at = start; at < end; at++) {
    crc = ((crc << 8) ^ (table[((crc >> 8) ^ byteAt(bytes, at)) & 0xff] ?? 0)) & 0xffff;
  }
  return crc & (slotCount - 1);
}
