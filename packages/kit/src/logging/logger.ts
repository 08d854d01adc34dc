import { createLogger as createWinston, format, type Logger, transports } from 'winston';
import { maskTexts } from '../mask/mask-text.ts';

export type { Logger } from 'winston';

export interface LoggerOptions {
  /** The program's name; a field of every line. */
  readonly component: string;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly format: 'auto' | 'json' | 'text';
  /** Where lines go; stderr, as stdout may carry data. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * The logger of a program, for operational events only: a line costs about 11 µs, so nothing that happens
 * per packet, line or command goes through it. Fields: `time level msg component` and those of the call.
 */
export function createLogger({
  component,
  level,
  format: form,
  stream = process.stderr,
}: LoggerOptions): Logger {
  const isText = form === 'text' || (form === 'auto' && stream.isTTY === true);
  return createWinston({
    level,
    format: format.combine(
      withoutSecrets(),
      format.printf(({ level: severity, message, ...fields }) => {
        const line = {
          time: new Date().toISOString(),
          level: severity,
          msg: String(message),
          component,
          ...fields,
        };
        return isText ? textLine(line) : JSON.stringify(line);
      }),
    ),
    transports: [new transports.Stream({ stream })],
  });
}

/** For every transport, including later ones: errors of libraries repeat their arguments. */
const withoutSecrets = format((info) => {
  for (const [name, value] of Object.entries(info)) info[name] = maskTexts(value);
  return info;
});

/** `12:00:01.123 warn  redis-ambassador: upstream lost reason="read ECONNRESET"` */
function textLine({ time, level, msg, component, ...fields }: Record<string, string | undefined>): string {
  const pairs = Object.entries(fields)
    // as in JSON
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? bare(value) : JSON.stringify(value)}`);
  return `${time?.slice(11, 23)} ${level?.padEnd(5)} ${component}: ${msg}${pairs.join('')}`;
}

function bare(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
