export type { AdminGuard } from './admin/guard.ts';
export { escapeHtml, type HtmlTable, htmlTable } from './admin/html.ts';
export { listen, sendJson, sendText, startHttpServer } from './admin/http-server.ts';
export { probe } from './admin/probe.ts';
export { Readiness } from './admin/readiness.ts';
export { requestFault } from './admin/request-fault.ts';
export { type AdminHandler, type AdminRoute, originForm, pathOf } from './admin/route.ts';
export { startAdminServer } from './admin/server.ts';
export { shareWhileRunning } from './admin/share-while-running.ts';
export { CodedError, describeError, exitCode, systemCode } from './errors.ts';
export { complain, configure } from './lifecycle/configure.ts';
export { runService, type ServiceContext } from './lifecycle/run-service.ts';
export { aborted, onStopSignals } from './lifecycle/stop.ts';
export { FaultLog } from './logging/fault-log.ts';
export { createLogger, type Logger } from './logging/logger.ts';
export { visible } from './logging/visible.ts';
export { hidden } from './mask/credential-name.ts';
export { maskText } from './mask/mask-text.ts';
export { maskUrl } from './mask/mask-url.ts';
export { MemoryBounds } from './memory/memory-bounds.ts';
export { type MemoryUse, memoryUse } from './memory/memory-use.ts';
export { serviceOptions } from './options/common.ts';
export { helpText, optionTable } from './options/help.ts';
export { didYouMean, nearest } from './options/nearest.ts';
export {
  type Config,
  flag,
  type Option,
  type OptionSet,
  option,
  type Program,
  repeatable,
} from './options/option.ts';
export { type Parsed, parseOptions, readSecretFile } from './options/parse.ts';
export { quote } from './options/quote.ts';
export { oneOf, type Reader, Refusal, reader } from './options/reader.ts';
export {
  bytes,
  durationMs,
  formatHostPort,
  type HostPort,
  highestPort,
  hostPort,
  integer,
  path,
  portOutOfRange,
  readBytes,
  readDurationMs,
  readHostPort,
  readTimerMs,
  remoteHostPort,
  text,
} from './options/readers.ts';
export { readParameters, readUrl } from './options/url.ts';
