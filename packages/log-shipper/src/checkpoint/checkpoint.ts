import { crc32 } from 'node:zlib';
import type { Fingerprint, Position } from '../tail/content.ts';
import type { FileTimes } from '../tail/file-facts.ts';

/**
 * The format of the checkpoint: lines, each with its checksum. The first line is a snapshot of all files and positions;
 * the others add files and moves of positions. Reading stops at a line torn by a crash: positions are then slightly
 * older, and nothing is lost.
 */

/** A file, and the position of each sink in it. */
export interface CheckpointFile {
  readonly seq: number;
  readonly file: string;
  readonly path: string;
  readonly inode: string;
  readonly times: FileTimes;
  readonly fingerprint: Fingerprint;
  readonly positions: ReadonlyMap<string, Position>;
}

/** New positions of one sink, by `seq` of the files. */
export type Moves = ReadonlyMap<number, Position>;

export type DecodedCheckpoint =
  | { readonly ok: true; readonly files: readonly CheckpointFile[]; readonly isTorn: boolean }
  | { readonly ok: false; readonly reason: string };

export function encodeSnapshot(files: readonly CheckpointFile[]): string {
  return encodeLine({ version: 1, files: files.map(toPlain) });
}

/** Files found since the snapshot. */
export function encodeFiles(files: readonly CheckpointFile[]): string {
  return encodeLine({ files: files.map(toPlain) });
}

function toPlain(file: CheckpointFile): PlainFile {
  return { ...file, positions: Object.fromEntries(file.positions) };
}

function fromPlain(file: PlainFile): CheckpointFile & { readonly positions: Map<string, Position> } {
  return { ...file, positions: new Map(Object.entries(file.positions)) };
}

export function encodeMoves(sink: string, moves: Moves): string {
  return encodeLine({ sink, moves: [...moves] });
}

function encodeLine(value: unknown): string {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

export function decodeCheckpoint(text: string): DecodedCheckpoint {
  const lines = text.split('\n');
  const first = decodeLine(lines[0] ?? '');
  if (!isSnapshot(first)) return { ok: false, reason: 'its first line is not a snapshot' };
  const bySeq = new Map(first.files.map((file) => [file.seq, fromPlain(file)]));
  // the text ends with a newline, so the last piece is empty unless its line is torn
  let index = 1;
  for (; index < lines.length - 1; index++) {
    const entry = decodeLine(lines[index] ?? '');
    if (isFiles(entry)) {
      for (const file of entry.files) bySeq.set(file.seq, fromPlain(file));
      continue;
    }
    if (!isMoves(entry)) break;
    for (const [seq, position] of entry.moves) bySeq.get(seq)?.positions.set(entry.sink, position);
  }
  return { ok: true, files: [...bySeq.values()], isTorn: index < lines.length - 1 || lines.at(-1) !== '' };
}

function decodeLine(line: string): unknown {
  const text = line.slice(9);
  // with the right checksum, the line was written by this program
  return line.slice(0, 9) === `${checksum(text)} ` ? JSON.parse(text) : undefined;
}

type PlainFile = Omit<CheckpointFile, 'positions'> & {
  readonly positions: Readonly<Record<string, Position>>;
};

interface Files {
  readonly files: readonly PlainFile[];
}

interface Snapshot extends Files {
  readonly version: 1;
}

function isSnapshot(value: unknown): value is Snapshot {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}

function isFiles(value: unknown): value is Files {
  return typeof value === 'object' && value !== null && 'files' in value;
}

function isMoves(value: unknown): value is { sink: string; moves: ReadonlyArray<[number, Position]> } {
  return typeof value === 'object' && value !== null && 'moves' in value;
}
