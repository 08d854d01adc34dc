import { Refusal, readBytes, readParameters, readUrl } from '@pod-patterns/kit';
import type { TcpTarget } from '../over-tcp/open-connection.ts';
import { readDuration, readTlsFileNames } from '../settings.ts';
import { type TlsFileNames, tlsFileSettings } from '../tls-files.ts';
import { facilities } from './severity.ts';

export type Transport = 'tcp' | 'udp' | 'tls';

/** Settings from a syslog sink's URL. */
export interface SyslogAddress extends TcpTarget {
  readonly transport: Transport;
  readonly settings: SyslogSettings;
}

export interface SyslogSettings extends TlsFileNames {
  /** 0 to 23. */
  readonly facility: number;
  /** The APP-NAME of all messages; by default each file has its own. */
  readonly app: string | undefined;
  /** The SD-ID of the parameters. */
  readonly id: string;
  /** The largest message that the receiver takes, in bytes. */
  readonly most: number;
  /** Time limit for one batch. */
  readonly timeoutMs: number;
  /** Least time between two connections while there is little to send. */
  readonly intervalMs: number;
}

const ports: Readonly<Record<Transport, number>> = { tcp: 514, udp: 514, tls: 6514 };
/** Default limits of receivers: rsyslog 8 KiB; RFC 5426 asks for 2,048 bytes in a datagram. */
const mosts: Readonly<Record<Transport, string>> = { tcp: '8KiB', udp: '2KiB', tls: '8KiB' };
const own = ['facility', 'app', 'id', 'max', 'timeout'] as const;
const names: Readonly<Record<Transport, readonly SettingName[]>> = {
  udp: own,
  tcp: [...own, 'interval'],
  tls: [...own, 'interval', ...tlsFileSettings],
};
type SettingName = (typeof own)[number] | 'interval' | keyof TlsFileNames;
type Given = ReadonlyMap<SettingName, string>;

/** Reads `syslog+tcp://host[:port]#settings`. Undefined for another kind of sink, a refusal for a faulty URL. */
export function readSyslogUrl(text: string): SyslogAddress | Refusal | undefined {
  const [, form] = /^syslog\+(tcp|udp|tls):\/\/[^/?#]/i.exec(text) ?? [];
  const transport = transports.find((one) => one === form?.toLowerCase());
  if (transport === undefined) return undefined;
  const url = readUrl(text);
  if (!(url instanceof URL)) return url;
  if (url.username !== '' || url.password !== '') return new Refusal('syslog does not support a login');
  if (!['', '/'].includes(url.pathname) || url.search !== '') {
    return new Refusal('expected only #settings after the port');
  }
  const given = readParameters(url.hash.slice(1), names[transport]);
  if (given instanceof Refusal) return given;
  const settings = readSettings(given, transport);
  if (settings instanceof Refusal) return settings;
  const port = url.port === '' ? ports[transport] : Number(url.port);
  return { transport, host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(), port, settings };
}

const transports = ['tcp', 'udp', 'tls'] as const;
/** Largest datagram of IPv4. A stream has no such bound, but lines do. */
const highestMost: Readonly<Record<Transport, number>> = { udp: 65_507, tcp: 2 ** 25, tls: 2 ** 25 };
const lowestMost = 1024;

function readSettings(given: Given, transport: Transport): SyslogSettings | Refusal {
  const facility = facilities.indexOf(given.get('facility') ?? 'user');
  if (facility < 0) return new Refusal(`facility: expected one of ${facilities.join(', ')}`);
  const app = given.get('app');
  if (app !== undefined && !/^[!-~]{1,48}$/.test(app)) {
    return new Refusal('app: expected at most 48 printable ASCII characters without spaces');
  }
  const id = given.get('id') ?? 'log@32473';
  if (!/^[\w.-]{1,20}@\d{1,10}$/.test(id)) return new Refusal('id: expected NAME@NUMBER such as log@32473');
  const most = readBytes(given.get('max') ?? mosts[transport]);
  const highest = highestMost[transport];
  if (most === undefined || most < lowestMost || most > highest) {
    return new Refusal(`max: expected a size from ${lowestMost} to ${highest} bytes`);
  }
  const timeoutMs = readDuration('timeout', given.get('timeout') ?? '30s');
  if (timeoutMs instanceof Refusal) return timeoutMs;
  const intervalMs = readDuration('interval', given.get('interval') ?? '200ms');
  if (intervalMs instanceof Refusal) return intervalMs;
  const tls = readTlsFileNames(given);
  return tls instanceof Refusal ? tls : { facility, app, id, most, timeoutMs, intervalMs, ...tls.files };
}
