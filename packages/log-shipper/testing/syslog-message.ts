/** A message of RFC 5424, section 6. */
export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  readonly time: string;
  readonly host: string;
  readonly app: string;
  readonly procId: string;
  readonly msgId: string;
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly msg: string;
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/;
const header = /^<(\d{1,3})>1 (\S+) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const data = /^\[([!#-<>-\\^-~]{1,32})((?: [!#-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\](?: |$)/;

/** Parses one message. @throws if it breaks the RFC's grammar */
export function readSyslogMessage(bytes: Buffer): SyslogMessage {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const head = header.exec(text);
  const [, pri = '', at = '', host = '', app = '', procId = '', msgId = ''] = head ?? [];
  const rest = text.slice(head?.[0].length ?? 0);
  const element = data.exec(rest);
  if (head === null || element === null || Number(pri) > 191 || !time.test(at)) {
    throw new Error(`not RFC 5424: ${JSON.stringify(text.slice(0, 500))}`);
  }
  const params = [...(element[2] ?? '').matchAll(/ ([^=]+)="((?:[^"\\]|\\.)*)"/gs)].map(
    ([, name = '', value = '']) => [name, value.replaceAll(/\\(["\\\]])/g, '$1')] as const,
  );
  if (new Set(params.map(([name]) => name)).size < params.length) throw new Error(`duplicate name: ${rest}`);
  return {
    ...{ facility: Number(pri) >> 3, severity: Number(pri) & 7, time: at, host, app, procId, msgId },
    ...{ id: element[1] ?? '', params: Object.fromEntries(params), msg: rest.slice(element[0].length) },
  };
}

/** Splits a stream into octet-counted messages. @throws for an invalid length */
export class SyslogFrames {
  #rest = Buffer.alloc(0);

  /** Whether the stream ends within a message. */
  get isTorn(): boolean {
    return this.#rest.length > 0;
  }

  push(bytes: Buffer): SyslogMessage[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const found: SyslogMessage[] = [];
    for (;;) {
      const [head, length = ''] = /^([1-9]\d*) /.exec(this.#rest.toString('latin1', 0, 12)) ?? [];
      if (head === undefined) {
        if (!/^([1-9]\d{0,10})?$/.test(this.#rest.toString('latin1', 0, 12))) throw new Error('not a length');
        return found;
      }
      const end = head.length + Number(length);
      if (this.#rest.length < end) return found;
      found.push(readSyslogMessage(this.#rest.subarray(head.length, end)));
      this.#rest = this.#rest.subarray(end);
    }
  }
}
