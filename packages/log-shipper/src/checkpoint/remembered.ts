import type { Position } from '../tail/content.ts';
import { inodeOf } from '../tail/file-facts.ts';
import type { Generation } from '../tail/generation.ts';
import type { Remembered } from '../tail/resume.ts';
import type { CheckpointFile } from './checkpoint.ts';

/** A generation as the checkpoint keeps it. */
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
 * What the checkpoint says of files, for the sinks of today. A sink that is new starts at the beginning; where
 * one sink alone was exchanged for another it has moved, and goes on where it was.
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
    // one of an earlier version does not name the birth
    const identity = inode.split(':').length === 2 ? inodeOf(inode, times.bornUs) : inode;
    const known = { fingerprint, positions: [...kept.values()] };
    return { seq, file, realPath: path, inode: identity, times, known, positions: kept };
  });
}
