import { CodedError, describeError, exitCode, FaultLog, type Logger } from '@pod-patterns/kit';
import { Counter, type Registry } from 'prom-client';
import { createLogger, format, transports, type Logger as WinstonLogger } from 'winston';
import { errorText } from './error-text.ts';
import { RotatingFile } from './rotating-file.ts';

export interface LogFilesOptions {
  readonly logDir: string;
  readonly logMaxSize: number;
  readonly logMaxFiles: number;
  /** What the program says on stderr; its lines go to `app.log` as well. */
  readonly log: Logger;
  readonly metrics: Registry;
}

/** The application's log files: what a log shipper beside it finds in the shared volume. */
export interface LogFiles extends AsyncDisposable {
  /** One line a request: `access.log`. */
  access(fields: Readonly<Record<string, unknown>>): void;
  /** A line for `app.log` alone. */
  note(message: string, fields: Readonly<Record<string, unknown>>): void;
  /** An unexpected error with its stack: plain text of many lines, `error.log`. */
  error(error: unknown, requestId: string): void;
}

/** @throws CodedError `log-dir` (exit 2) when the folder cannot be written */
export async function openLogFiles({
  logDir,
  logMaxSize,
  logMaxFiles,
  log,
  metrics,
}: LogFilesOptions): Promise<LogFiles> {
  const dropped = new Counter({
    name: 'web_log_lines_dropped_total',
    help: 'Log lines that could not be written to their file.',
    labelNames: ['file', 'reason'],
    registers: [metrics],
  });
  const open = (name: string) => {
    const faults = new FaultLog(log, `${name}.log`);
    return RotatingFile.open({
      folder: logDir,
      name,
      maxBytes: logMaxSize,
      maxFiles: logMaxFiles,
      onDrop: (lines, reason) => {
        dropped.inc({ file: name, reason }, lines);
        faults.failed(reason);
      },
      onWritten: () => faults.recovered(),
    });
  };
  const files = await openAll(open, logDir);
  const [accessFile, appFile, errorFile] = files;
  const access = fileLogger(accessFile, jsonLine);
  const errors = fileLogger(
    errorFile,
    format.printf(({ message }) => String(message)),
  );
  const app = fileLogger(appFile, jsonLine);
  const alsoToFile = new transports.Stream({ stream: appFile, format: jsonLine });
  log.add(alsoToFile);
  const unlessFull = (file: RotatingFile, name: string, write: () => void) => {
    if (file.isFull) dropped.inc({ file: name, reason: 'overflow' });
    else write();
  };
  return {
    access: (fields) => unlessFull(accessFile, 'access', () => access.info('request', fields)),
    note: (message, fields) => unlessFull(appFile, 'app', () => app.info(message, fields)),
    error: (error, requestId) =>
      unlessFull(errorFile, 'error', () => errors.error(errorText(error, requestId, new Date()))),
    [Symbol.asyncDispose]: async () => {
      log.remove(alsoToFile);
      await Promise.all(files.map((file) => file[Symbol.asyncDispose]()));
    },
  };
}

async function openAll(
  open: (name: string) => Promise<RotatingFile>,
  logDir: string,
): Promise<[RotatingFile, RotatingFile, RotatingFile]> {
  try {
    return [await open('access'), await open('app'), await open('error')];
  } catch (cause) {
    const message = `--log-dir ${JSON.stringify(logDir)}: expected a folder to write to: ${describeError(cause)}`;
    throw new CodedError('log-dir', message, { exitCode: exitCode.usage, cause });
  }
}

function fileLogger(file: RotatingFile, line: ReturnType<typeof format.printf>): WinstonLogger {
  return createLogger({ level: 'info', format: line, transports: [new transports.Stream({ stream: file })] });
}

const jsonLine = format.printf(({ level, message, ...fields }) =>
  JSON.stringify({ time: new Date().toISOString(), level, msg: message, ...fields }),
);
