import type { EventFollower } from '../frame/multiline.ts';
import type { LineEditor } from '../record/line-editor.ts';
import type { RecordWriter } from '../record/record-writer.ts';
import type { RateLimit } from './allowance.ts';

/** How the lines of a file become records of a sink. */
export interface Way {
  readonly editor: LineEditor;
  readonly writer: RecordWriter;
  /** Says which lines are one event; each is one without it. */
  readonly follower: EventFollower | undefined;
  /** How fast the file may be read; as fast as the sink takes it without a limit. */
  readonly rateLimit: RateLimit | undefined;
}
