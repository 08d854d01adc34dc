import { escapeName } from './escape-name.ts';

/** Which tag dialects are read; each can be switched off. */
export interface Dialects {
  readonly dogstatsd: boolean;
  readonly influxdb: boolean;
  readonly librato: boolean;
  readonly signalfx: boolean;
  /** Off unless asked for: upstream takes `;` for a part of the name. */
  readonly graphite: boolean;
}

/** Tags read so far, under their escaped names; of duplicates the last wins. */
export class Tags {
  readonly labels = new Map<string, string>();
  /** Tags that were empty, had no key or no value, or a name that Prometheus keeps for itself. */
  errors = 0;

  /** Reads `k=v,k=v`; one trailing comma (or what stands `between`) is ignored. */
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
 * Takes the tags out of what is left of a line's first colon and returns the bare name.
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

/** Where the first of two marks is; an empty mark is none. */
function firstOf(text: string, a: string, b: string): number {
  const atA = a === '' ? -1 : text.indexOf(a);
  const atB = b === '' ? -1 : text.indexOf(b);
  return earlier(atA, atB);
}

/** The smaller of two places, of which -1 is none. */
function earlier(a: number, b: number): number {
  return a < 0 || (b >= 0 && b < a) ? b : a;
}
