/** RFC 5424 §6.2.1, by number. */
export const facilities: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['ntp', 'audit', 'alert', 'clock'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
];

/** Syslog's severities, each with the lowest of OpenTelemetry's levels for it. */
const lowestLevels: ReadonlyArray<readonly [level: number, severity: number]> = [
  [18, 2],
  [17, 3],
  [13, 4],
  [10, 5],
  [9, 6],
  [1, 7],
];
const informational = 6;

/**
 * The severity of RFC 5424 for a level of OpenTelemetry; informational for a line without one. No level becomes alert or
 * emergency, because receivers print those on every terminal of their machine.
 */
export function syslogSeverity(level: number): number {
  return lowestLevels.find(([lowest]) => level >= lowest)?.[1] ?? informational;
}
