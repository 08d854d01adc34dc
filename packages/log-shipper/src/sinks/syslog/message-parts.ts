import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Identity } from '../../record/record-writer.ts';
import { structuredData } from './structured-data.ts';
import type { SyslogSettings } from './syslog-url.ts';

/** The common parts of all messages of a file. */
export interface MessageParts {
  /** ` HOSTNAME APP-NAME - - [… offset="` */
  readonly middle: Buffer;
  /** `" part="` and `" last="true` */
  readonly partKey: Buffer;
  readonly lastMark: Buffer;
}

const appLabels = ['app.kubernetes.io/name', 'app'] as const;

/** RFC 5424 §6.2.4 and .5: printable ASCII, no longer than this. */
const longest = { host: 255, app: 48 } as const;

export function messageParts(identity: Identity, settings: SyslogSettings, file: string): MessageParts {
  const { labels, pod } = identity;
  const { start, names } = structuredData(identity, { id: settings.id, file });
  const labelled = appLabels.map((name) => labels[name]).find((value) => value !== undefined);
  const app = settings.app ?? labelled ?? basename(file).replace(/\.log$/, '');
  const header = [printable(pod['name'] ?? hostname(), longest.host), printable(app, longest.app), '-', '-'];
  return {
    middle: Buffer.from(` ${header.join(' ')} ${start} ${names.offset}="`),
    partKey: Buffer.from(`" ${names.part}="`),
    lastMark: Buffer.from(`" ${names.last}="true`),
  };
}

function printable(text: string, most: number): string {
  return text.replaceAll(/[^!-~]/g, '_').slice(0, most) || '-';
}
