import type { Chunk, Line } from '../frame/line.ts';
import { type FieldReader, type NoFields, toJson } from './fields/fields.ts';
import type { LineEditor } from './line-editor.ts';

export interface FieldEditorOptions {
  /** Edits the line first: filters see the original, and redacted text is in no field. */
  readonly before: LineEditor;
  readonly read: FieldReader;
  /** Leaves lines as they are. */
  readonly onNoFields: (reason: NoFields) => void;
}

/** Turns lines of another form into JSON objects, so that all sinks get their fields. */
export class FieldEditor implements LineEditor {
  readonly #options: FieldEditorOptions;
  #bytesRead = 0;

  constructor(options: FieldEditorOptions) {
    this.#options = options;
  }

  get bytesRead(): number {
    return this.#bytesRead + this.#options.before.bytesRead;
  }

  begin(chunk: Chunk, from: number): void {
    this.#options.before.begin(chunk, from);
  }

  edit(line: Line): boolean {
    const { before, read, onNoFields } = this.#options;
    if (!before.edit(line)) return false;
    if (line.part > 0 || isObject(line)) return true;
    this.#bytesRead += line.end - line.start;
    const fields = read(line.bytes.toString('utf8', line.start, line.end));
    if (typeof fields === 'string') {
      onNoFields(fields);
      return true;
    }
    line.bytes = Buffer.from(toJson(fields));
    line.start = 0;
    line.end = line.bytes.length;
    return true;
  }
}

/** JSON among lines of another form already has fields. */
function isObject({ bytes, start, end }: Line): boolean {
  return bytes[start] === 0x7b && bytes[end - 1] === 0x7d;
}
