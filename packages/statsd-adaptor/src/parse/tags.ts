import { escapeName } from './escape-name.ts';

/** Tag dialects to read; each can be turned off. */
export interface Dialects {
  readonly dogstatsd: boolean;
  readonly influxdb: boolean;
  readonly librato: boolean;
  readonly signalfx: boolean;
  /** Off by default: in upstream `;` is part of the name. */
  readonly graphite: boolean;
}

/** Tags read so far, by escaped name; the last duplicate wins. */
export class Tags {
  readonly labels = new Map<string, string>();
  /** Number of tags that were empty, lacked a key or value, or had a name reserved by Prometheus. */
  errors = 0;

  /** Reads `k=v,k=v`; ignores one trailing comma (or other separator `between`). */
  readList(list: string, separator: '=' | ':', between: ',' | ';' = ','): void {
    for (let start = 0; start < list.length; ) {
      const next = list.indexOf(between, start);
      const end = next < 0 ? list.length : next;
      this.#read(list.slice(start, end), separator);
      start = end + 1;
    }
  }

  #read(tag: string, separator: '=' | ':'): void {
    // DogStatsD clients may repeat the section's # in front of each tag
    const text = separator === ':' && tag.startsWith('#') ? tag.slice(1) : tag;
    const at = text.indexOf(separator);
    const name = at > 0 ? escapeName(text.slice(0, at)) : '';
    const value = text.slice(at + 1);
    // a label that starts with __ would make the whole scrape invalid
    if (name === '' || value === '' || name.startsWith('__')) this.errors++;
    else this.labels.set(name, value);
  }
}

/**
 * Takes the tags out of the text before a line's first colon and returns the bare name.
 * SignalFX `name[k=v]` is tried first; else the first `#` (Librato), `,` (InfluxDB) or `;` (Graphite) starts the tags.
 */
export function splitName(head: string, dialects: Dialects, tags: Tags): string {
  if (dialects.signalfx) {
    const open = head.indexOf('[');
    const close = head.indexOf(']');
    if (open >= 0 && close > open) {
      tags.readList(head.slice(open + 1, close), '=');
      return head.slice(0, open) + head.slice(close + 1);
    }
    if (open >= 0 || close >= 0) {
      tags.errors++;
      return head;
    }
  }
  const comma = firstOf(head, dialects.librato ? '#' : '', dialects.influxdb ? ',' : '');
  const at = dialects.graphite ? earlier(comma, head.indexOf(';')) : comma;
  if (at < 0) return head;
  tags.readList(head.slice(at + 1), '=', at === comma ? ',' : ';');
  return head.slice(0, at);
}

/** Position of the first of two marks; an empty mark is ignored. */
function firstOf(text: string, a: string, b: string): number {
  const atA = a === '' ? -1 : text.indexOf(a);
  const atB = b === '' ? -1 : text.indexOf(b);
  return earlier(atA, atB);
}

/** The smaller of two positions, where -1 means absent. */
function earlier(a: number, b: number): number {
  return a < 0 || (b >= 0 && b < a) ? b : a;
}
