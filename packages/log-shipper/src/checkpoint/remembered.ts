import type { Position } from '../tail/content.ts';
import { inodeOf } from '../tail/file-facts.ts';
import type { Generation } from '../tail/generation.ts';
import type { Remembered } from '../tail/resume.ts';
import type { CheckpointFile } from './checkpoint.ts';

/** Converts a generation to its entry in the checkpoint. */
export function toCheckpoint({
  seq,
  file,
  realPath,
  inode,
  facts,
  known,
  positions,
}: Generation): CheckpointFile {
  const { fingerprint } = known;
  return {
    seq,
    file,
    path: realPath,
    inode,
    times: { modifiedUs: facts.modifiedUs, bornUs: facts.bornUs },
    fingerprint,
    positions,
  };
}

/**
 * Applies the entries of the checkpoint to the present sinks. A new sink starts at the beginning. If exactly one sink
 * was replaced by another, the new one continues at its positions.
 */
export function fromCheckpoint(files: readonly CheckpointFile[], sinks: readonly string[]): Remembered[] {
  const before = new Set(files.flatMap(({ positions }) => [...positions.keys()]));
  const gone = [...before].filter((name) => !sinks.includes(name));
  const added = sinks.filter((name) => !before.has(name));
  const moved = gone.length === 1 && added.length === 1 ? { from: gone[0], to: added[0] } : undefined;
  return files.map(({ seq, file, path, inode, times, fingerprint, positions }) => {
    const kept = new Map<string, Position>();
    for (const [name, position] of positions) {
      const sink = moved !== undefined && name === moved.from ? moved.to : name;
      if (sink !== undefined && sinks.includes(sink)) kept.set(sink, position);
    }
    // an earlier version wrote no birth time
    const identity = inode.split(':').length === 2 ? inodeOf(inode, times.bornUs) : inode;
    const known = { fingerprint, positions: [...kept.values()] };
    return { seq, file, realPath: path, inode: identity, times, known, positions: kept };
  });
}
