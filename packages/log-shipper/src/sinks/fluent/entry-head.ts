import { encode } from '@msgpack/msgpack';
import { putBytes } from '../../record/bytes.ts';
import { ownFields } from '../../record/json-object.ts';
import type { Identity } from '../../record/record-writer.ts';
import { putInteger, putTextHeader } from './msgpack.ts';

/** A field of ours whose value does not change from line to line. */
interface Field {
  readonly name: Buffer;
  /** Place of its name in `ownFields`. */
  readonly index: number;
  readonly value: Buffer;
}

const offsetName = Buffer.from('offset');
const offsetIndex = ownFields.indexOf('offset');

/** As many underscores as `JsonObjectScanner` knows of, before each of our names, and the longer headers of these. */
const underscoreRoom = 4 * 33;
/** A number and its name. */
const offsetRoom = 9 + 1 + offsetName.length;

/** The fields of ours with which each record begins: `file`, `offset`, and `labels` and `pod` if they have any. */
export class EntryHead {
  /** How many fields. */
  readonly count: number;
  /** The most bytes of them. */
  room = 0;
  #name: string | undefined;
  #file: Field = { name: Buffer.alloc(0), index: 0, value: Buffer.alloc(0) };
  readonly #others: readonly Field[];
  /** `file` and the name of `offset`; `labels` and `pod`. */
  #start = Buffer.alloc(0);
  readonly #end: Buffer;

  constructor(identity: Identity) {
    const given = (['labels', 'pod'] as const).filter((name) => Object.keys(identity[name]).length > 0);
    this.#others = given.map((name) => fieldOf(name, identity[name]));
    this.#end = Buffer.concat(given.flatMap((name) => [encode(name), encode(identity[name])]));
    this.count = 2 + given.length;
  }

  /** The records to come are of this file. */
  begin(file: string): void {
    if (file === this.#name) return;
    this.#name = file;
    this.#file = fieldOf('file', file);
    this.#start = Buffer.concat([encode('file'), this.#file.value, encode('offset')]);
    this.room = this.#start.length + offsetRoom + this.#end.length + underscoreRoom;
  }

  put(out: Buffer, at: number, offset: number): number {
    return putBytes(out, putInteger(out, putBytes(out, at, this.#start), offset), this.#end);
  }

  /** Beside the fields of a line that has some of our names, by `taken` of the scanner that has looked at it. */
  putBeside(out: Buffer, at: number, offset: number, taken: Uint32Array): number {
    let to = putField(out, at, this.#file, taken);
    to = putInteger(out, putName(out, to, offsetName, taken[offsetIndex]), offset);
    for (const field of this.#others) to = putField(out, to, field, taken);
    return to;
  }
}

function fieldOf(name: (typeof ownFields)[number], value: unknown): Field {
  return { name: Buffer.from(name), index: ownFields.indexOf(name), value: Buffer.from(encode(value)) };
}

function putField(out: Buffer, at: number, { name, index, value }: Field, taken: Uint32Array): number {
  return putBytes(out, putName(out, at, name, taken[index]), value);
}

/** With as many underscores before it as make it free: the lowest bit that is not set. */
function putName(out: Buffer, at: number, name: Buffer, taken = 0): number {
  let underscores = 0;
  for (let bits = taken; (bits & 1) === 1; bits >>>= 1) underscores += 1;
  let to = putTextHeader(out, at, underscores + name.length);
  for (let index = 0; index < underscores; index++) out[to++] = 0x5f;
  return putBytes(out, to, name);
}
