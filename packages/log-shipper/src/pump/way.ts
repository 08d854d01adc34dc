import type { EventFollower } from '../frame/multiline.ts';
import type { LineEditor } from '../record/line-editor.ts';
import type { RecordWriter } from '../record/record-writer.ts';
import type { RateLimit } from './allowance.ts';

/** How the lines of a file become records of a sink. */
export interface Way {
  readonly editor: LineEditor;
  readonly writer: RecordWriter;
  /** Decides which lines are one event; without it, each line is one. */
  readonly follower: EventFollower | undefined;
  /** Rate limit for reading the file, if there is one. */
  readonly rateLimit: RateLimit | undefined;
}
