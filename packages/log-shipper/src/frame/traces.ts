import type { Multiline } from './step.ts';

/** Also where nothing follows: a message may have empty lines. */
const indented = /^[ \t]/;
const empty = /^$/;
const any = /^/;

/** Bounded, because a loop over a group takes memory for each iteration. */
const javaThrowable = /^(?:[a-z][\w$]{0,250}\.){1,50}[\w$]{0,250}(?:Exception|Error|Throwable)\b/;
/** `Wrapped by` if the root cause comes first. */
const javaCause = /^(?:Caused|Wrapped) by: /;
const javaFrame = /^\s+(?:at |\.\.\. \d)/;
/** The second or third line of a message: no date, no level, no field in brackets. */
const javaMessage = /^(?![\d[{<]|(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b)/;

const pythonTraceback = /^Traceback \(most recent call last\):/;
const pythonGroup = /^\s+\+ Exception Group Traceback \(most recent call last\):/;
const sqlOneLine = /^\[(?:SQL|parameters): .*\]$/;
const sqlStart = /^\[(?:SQL|parameters): /;

const goStart = /^goroutine \d+ \[|^\[signal /;
const goFrame =
  /^\s|^goroutine \d+ \[|^\[signal |^created by |^exit status |^[\w./*()-][\w./*)[\],-]*\(.*\)$/;

const nodeSource = /^(?:\/|node:|file:\/\/|[A-Za-z]:\\).*:\d+$/;

/** Forms of stack traces, by language. */
export const multilines = {
  java: {
    steps: [
      { from: 'event', line: indented, to: 'trace' },
      // the exception of a log line is on a line of its own
      { from: 'event', line: javaThrowable, to: 'raised' },
      { from: 'event', line: javaCause, to: 'raised' },
      { from: 'raised', line: indented, to: 'trace' },
      { from: 'raised', line: javaCause, to: 'raised' },
      { from: 'raised', line: javaMessage, to: 'message', ifOthersFollow: true },
      { from: 'message', line: javaFrame, to: 'trace' },
      { from: 'message', line: javaMessage, to: 'longer message', ifOthersFollow: true },
      { from: 'longer message', line: javaFrame, to: 'trace' },
      { from: 'trace', line: indented, to: 'trace' },
      { from: 'trace', line: javaCause, to: 'raised' },
    ],
  },
  python: {
    steps: [
      { from: 'event', line: pythonTraceback, to: 'frames' },
      { from: 'event', line: pythonGroup, to: 'group' },
      // for an event that begins with the traceback
      { from: 'event', line: /^\s+File "/, to: 'frames' },
      { from: 'event', line: /^\s+\| /, to: 'group' },
      { from: 'frames', line: /^\s/, to: 'frames' },
      { from: 'frames', line: /^\S/, to: 'raised' },
      // SQLAlchemy adds to the exception the error of the database, the statement and its parameters
      { from: 'raised', line: sqlOneLine, to: 'raised' },
      { from: 'raised', line: sqlStart, to: 'statement', ifOthersFollow: true },
      { from: 'raised', line: /^\(Background on this error at: /, to: 'raised' },
      { from: 'raised', line: /^(?:DETAIL|HINT|CONTEXT|LINE \d+): /, to: 'raised' },
      { from: 'raised', line: indented, to: 'raised' },
      { from: 'raised', line: empty, to: 'chained', ifOthersFollow: true },
      { from: 'statement', line: /\]$/, to: 'raised' },
      { from: 'statement', line: any, to: 'statement', ifOthersFollow: true },
      { from: 'group', line: /^\s*[|+]/, to: 'group' },
      { from: 'group', line: empty, to: 'chained', ifOthersFollow: true },
      { from: 'chained', line: empty, to: 'chained', ifOthersFollow: true },
      { from: 'chained', line: /^During handling of |^The above exception /, to: 'chained' },
      { from: 'chained', line: pythonTraceback, to: 'frames' },
      { from: 'chained', line: pythonGroup, to: 'group' },
      { from: 'chained', line: sqlOneLine, to: 'raised' },
      { from: 'chained', line: sqlStart, to: 'statement', ifOthersFollow: true },
    ],
  },
  node: {
    steps: [
      // an uncaught error: the place, the line, a caret below it, and then the error
      { from: 'first', line: nodeSource, to: 'source' },
      { from: 'source', line: /^\s*[\^~]+\s*$/, to: 'caret' },
      { from: 'source', line: any, to: 'source', ifOthersFollow: true },
      { from: 'caret', line: empty, to: 'caret', ifOthersFollow: true },
      { from: 'caret', line: any, to: 'trace' },
      { from: 'event', line: indented, to: 'trace' },
      { from: 'trace', line: indented, to: 'trace' },
      { from: 'trace', line: /^[}\]]/, to: 'trace' },
      { from: 'trace', line: /^\(Use `node --trace-uncaught/, to: 'trace' },
      { from: 'trace', line: empty, to: 'blank', ifOthersFollow: true },
      { from: 'blank', line: /^Node\.js v\d/, to: 'trace' },
    ],
  },
  go: {
    steps: [
      { from: 'event', line: goStart, to: 'trace' },
      // the panic of a deferred function, or its recovery
      { from: 'event', line: /^\s+panic: /, to: 'event' },
      // `panic: …`, then an empty line
      { from: 'event', line: empty, to: 'blank', ifOthersFollow: true },
      { from: 'trace', line: goFrame, to: 'trace' },
      { from: 'trace', line: empty, to: 'blank', ifOthersFollow: true },
      { from: 'blank', line: goStart, to: 'trace' },
      { from: 'blank', line: /^exit status /, to: 'trace' },
    ],
  },
} as const satisfies Readonly<Record<string, Multiline>>;
