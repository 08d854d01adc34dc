import { CodedError, describeError, exitCode, FaultLog, type Logger } from '@pod-patterns/kit';
import { Counter, type Registry } from 'prom-client';
import { createLogger, format, transports, type Logger as WinstonLogger } from 'winston';
import { errorText } from './error-text.ts';
import { RotatingFile } from './rotating-file.ts';

export interface LogFilesOptions {
  readonly logDir: string;
  readonly logMaxSize: number;
  readonly logMaxFiles: number;
  /** The program's own log, on stderr; its lines also go to `app.log`. */
  readonly log: Logger;
  readonly metrics: Registry;
}

/** The application's log files, for a log agent that shares the volume. */
export interface LogFiles extends AsyncDisposable {
  /** One line per request: `access.log`. */
  access(fields: Readonly<Record<string, unknown>>): void;
  /** A line for `app.log` alone. */
  note(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** An unexpected error with its stack: plain text of many lines, `error.log`. */
  error(error: unknown, requestId: string): void;
}

/** @throws CodedError `log-dir` (exit 2) when the folder cannot be written */
export async function openLogFiles(options: LogFilesOptions): Promise<LogFiles> {
  const { log, metrics } = options;
  const dropped = new Counter({
    name: 'web_log_lines_dropped_total',
    help: 'Log lines that could not be written to their file.',
    labelNames: ['file', 'reason'],
    registers: [metrics],
  });
  const onDrop = (file: string, reason: string, lines: number) => dropped.inc({ file, reason }, lines);
  const { access, app, error } = await openAll(options, onDrop);
  const alsoToFile = new transports.Stream({ stream: app, format: format.printf(infoLine) });
  log.add(alsoToFile);
  const write = { access: fileLogger(access), app: fileLogger(app), error: fileLogger(error) };
  const unlessFull = (file: RotatingFile, name: keyof typeof write, line: () => string) => {
    if (file.isFull) onDrop(name, 'overflow', 1);
    else write[name].info(line());
  };
  return {
    access: (fields) => unlessFull(access, 'access', () => jsonLine('info', 'request', fields)),
    note: (message, fields) => unlessFull(app, 'app', () => jsonLine('info', message, fields)),
    error: (thrown, requestId) => unlessFull(error, 'error', () => errorText(thrown, requestId, new Date())),
    [Symbol.asyncDispose]: async () => {
      log.remove(alsoToFile);
      await Promise.all([access, app, error].map((file) => file[Symbol.asyncDispose]()));
    },
  };
}

type OnDrop = (file: string, reason: string, lines: number) => void;

async function openAll(options: LogFilesOptions, onDrop: OnDrop) {
  const { logDir } = options;
  try {
    return {
      access: await openFile('access', options, onDrop),
      app: await openFile('app', options, onDrop),
      error: await openFile('error', options, onDrop),
    };
  } catch (cause) {
    const message = `--log-dir ${JSON.stringify(logDir)}: expected a folder to write to: ${describeError(cause)}`;
    throw new CodedError('log-dir', message, { exitCode: exitCode.usage, cause });
  }
}

function openFile(
  name: string,
  { logDir, logMaxSize, logMaxFiles, log }: LogFilesOptions,
  onDrop: OnDrop,
): Promise<RotatingFile> {
  const faults = new FaultLog(log, `${name}.log`);
  return RotatingFile.open({
    folder: logDir,
    name,
    maxBytes: logMaxSize,
    maxFiles: logMaxFiles,
    onDrop: (lines, reason) => {
      onDrop(name, reason, lines);
      faults.failed(reason);
    },
    onWritten: () => faults.recovered(),
  });
}

/**
 * Writes lines as they are: their source has filled them, and winston need not copy them. With a
 * `log` of its own, because that of `Stream` takes a turn of the event loop for each line, to tell of it whoever listens.
 */
function fileLogger(file: RotatingFile): WinstonLogger {
  const asItIs = format((info) => info);
  const log = ({ message }: { readonly message: string }, next: () => void) => {
    file.write(`${message}\n`);
    next();
  };
  return createLogger({
    level: 'info',
    format: asItIs(),
    transports: [new transports.Stream({ stream: file, log })],
  });
}

function infoLine({ level, message, ...fields }: { level: string; message: unknown }): string {
  return jsonLine(level, String(message), fields);
}

function jsonLine(level: string, msg: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ time: new Date().toISOString(), level, msg, ...fields });
}
