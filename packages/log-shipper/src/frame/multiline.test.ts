import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { emptyLine } from './line.ts';
import { EventFollower, readMultiline } from './multiline.ts';
import { nextEvent } from './next-event.ts';

/** Splits a text into events. */
function events(how: string, text: string): string[] {
  const bytes = Buffer.from(`${text}\n`);
  const follower = new EventFollower(understood(readMultiline(how)));
  const limits = { maxLine: bytes.length, takesPartial: true, takesOpenEvent: true };
  const state = { at: 0, parts: 0 };
  const line = emptyLine();
  const found: string[] = [];
  while (nextEvent({ bytes, end: bytes.length, base: 0 }, state, { limits, follower, line })) {
    found.push(line.bytes.toString('utf8', line.start, line.end));
  }
  return found;
}

const java = `2026-01-31 INFO one
2026-01-31 ERROR it failed
java.lang.IllegalStateException: boom
\tat com.example.App.run(App.java:10)
\tat com.example.App.main(App.java:5)
Caused by: java.io.IOException: gone
\tat com.example.Disk.read(Disk.java:7)
\t... 2 more
2026-01-31 INFO two
Exception in thread "main" java.lang.Error: x
\tat a.B.c(B.java:1)
java.lang.Error: y
\tat a.B.c(B.java:1)`;

const python = `INFO one
ERROR it failed
Traceback (most recent call last):
  File "/app/a.py", line 3, in run
    read()
ValueError: bad

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/a.py", line 5, in run
KeyError: 'x'
INFO two
Traceback (most recent call last):
  File "/app/a.py", line 1
SyntaxError: no
INFO three`;

const node = `info one
Error: boom
    at run (/app/a.js:1:7)
    at main (/app/a.js:9:1) {
  code: 'EBOOM',
  [cause]: Error: deeper
      at read (/app/b.js:2:2)
}
info two`;

const go = `2026/01/31 one
panic: boom

goroutine 1 [running]:
main.run(0x1, {0x2, 0x3})
\t/app/main.go:7 +0x1d
main.main()
\t/app/main.go:3 +0x20
exit status 2
2026/01/31 http: panic serving 127.0.0.1:1: boom
goroutine 20 [running]:
net/http.(*conn).serve(0xc0, {0x1, 0x2})
\t/usr/lib/go/server.go:1 +0x1
created by net/http.(*Server).Serve in goroutine 1
\t/usr/lib/go/server.go:2 +0x2
2026/01/31 two`;

/** Stack traces; each must be one event. */
const traces: ReadonlyArray<readonly [string, string, string]> = [
  [
    'java',
    'a root cause that comes first',
    `java.io.IOException: gone
\tat a.B.c(B.java:1)
Wrapped by: java.lang.IllegalStateException: boom
\tat a.B.d(B.java:2)`,
  ],
  [
    'java',
    'a message of several lines',
    `ERROR it failed
java.lang.IllegalStateException: first
second
third
\tat a.B.c(B.java:1)
Caused by: java.io.IOException: first
second
\tat a.B.d(B.java:2)
\t... 3 more`,
  ],
  [
    'python',
    'a group of exceptions',
    `ERROR it failed
  + Exception Group Traceback (most recent call last):
  |   File "/app/a.py", line 3, in <module>
  |     raise ExceptionGroup("two", errors)
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/a.py", line 1, in run
    | ValueError: 1
    +---------------- 2 ----------------
    | TypeError: 2
    +------------------------------------

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/a.py", line 5, in run
KeyError: 'x'`,
  ],
  [
    'python',
    "SQLAlchemy's statement",
    `ERROR it failed
Traceback (most recent call last):
  File "/app/a.py", line 3, in run
sqlalchemy.exc.IntegrityError: (psycopg2.errors.UniqueViolation) duplicate key value
DETAIL:  Key (id)=(1) already exists.

[SQL: INSERT INTO t (id)
VALUES (%(id)s)
RETURNING id]
[parameters: {'id': 1}]
(Background on this error at: https://sqlalche.me/e/20/gkpj)`,
  ],
  [
    'go',
    'a panic that was recovered',
    `panic: boom [recovered]
\tpanic: boom

goroutine 1 [running]:
main.Map[...](0x1)
\t/app/main.go:7 +0x1d

goroutine 5 [chan receive]:
main.wait()
\t/app/main.go:9 +0x1d
exit status 2`,
  ],
  [
    'node',
    'an uncaught error',
    `/app/server.js:10
throw new Error('boom');
^

Error: boom
    at Object.<anonymous> (/app/server.js:10:7)
    at node:internal/main/run_main_module:36:49 {
  code: 'EBOOM'
}

Node.js v24.0.0`,
  ],
  [
    'node',
    'an unhandled rejection',
    `node:internal/process/promises:394
      triggerUncaughtException(err, true /* fromPromise */);
      ^

[UnhandledPromiseRejection: This error originated either by throwing inside of an async function] {
  code: 'ERR_UNHANDLED_REJECTION'
}

Node.js v24.0.0`,
  ],
];

describe('multiline', () => {
  it.each(traces)('%s: keeps together %s', (how, _, trace) => {
    const text = `2026-01-31 INFO before\n${trace}\n2026-01-31 INFO after`;
    // in Python and Java, the log message is the line before the trace
    const found = events(how, text).join('\u0000').replace('before\u0000', 'before\n');
    expect(found).toBe(text.replace('\n2026-01-31 INFO after', '\u00002026-01-31 INFO after'));
  });

  it.each<[string, string, number[]]>([
    [
      'java',
      'java.lang.Error: no frames\nINFO next\nERROR other\njava.lang.Error: y\n\tat a.B.c(B.java:1)',
      [1, 1, 3],
    ],
    [
      'python',
      'Traceback (most recent call last):\n  File "a"\nValueError: x\n\nINFO after an empty line',
      [3, 1, 1],
    ],
    ['node', '/app/ready:1\nnext\nlast', [1, 1, 1]],
    ['go', 'one\n\ntwo\n\n\nthree', [1, 1, 1, 1, 1, 1]],
  ])('%s: leaves out lines that may belong to the next event', (how, text, lengths) => {
    const found = events(how, text);
    expect(found.join('\n')).toBe(text);
    expect(found.map((event) => event.split('\n').length)).toEqual(lengths);
  });

  it.each<[string, string, number[]]>([
    ['java', java, [1, 7, 1, 2, 2]],
    ['python', python, [1, 11, 4, 1]],
    ['node', node, [1, 7, 1]],
    ['node', 'ERROR [1] Error: a line,\n    \n    and another\n    at run (/a.js)\nERROR [2] x', [4, 1]],
    ['node', '{"a":1}\n{"b":2}\nERROR [1] x\n    at run (/a.js)\n{"c":3}', [1, 1, 2, 1]],
    ['go', go, [1, 8, 6, 1]],
    ['/^\\d{4}/', '2026 a\n b\nc\n2027 d', [3, 1]],
    ['java', '{"a":1}\n  b\n  c', [1, 2]],
    ['/a/', '{"a":1}\n  b\n  c', [3]],
    ['/START/', 'x\ny\na START\nb', [2, 2]],
    ['/start/i', 'START\na\nStart', [2, 1]],
  ])('%s groups the lines of each event (row %#)', (how, text, lengths) => {
    const found = events(how, text);
    expect(found.join('\n')).toBe(text);
    expect(found.map((event) => event.split('\n').length)).toEqual(lengths);
  });

  it('keeps ordinary lines separate', () => {
    for (const how of ['java', 'python', 'node', 'go'])
      expect(events(how, 'a\nb\n{"c":1}\nd')).toHaveLength(4);
  });

  it.each(['ruby', '', '/', '//', '/a/x'])('rejects %j', (text) => {
    expect(readMultiline(text)).toBeUndefined();
  });

  // the last character prevents an early match; once, these took an hour or ended the process
  it.each<[string, string, string, string]>([
    ['java', 'x\n', 'a.', '!'],
    ['java', 'x\n', 'a', '!'],
    ['java', 'x\n', ' ', '!'],
    ['python', 'x\n', ' ', '!'],
    ['python', 'Traceback (most recent call last):\n', ' ', 'File'],
    ['node', 'x\n', ' ', '!'],
    ['go', 'goroutine 1 [running]:\n', '(', '!'],
    ['go', 'goroutine 1 [running]:\n', 'a(', '!'],
    ['go', 'goroutine 1 [running]:\n', 'a(b)', '!'],
    ['go', 'x\ngoroutine ', '1', '!'],
    ['/^(?:a+)+$/', '!\n', 'a', '!'],
  ])('%s handles %j and 16 MB of %j and %j', { timeout: 120_000 }, (how, head, repeated, tail) => {
    const startedMs = performance.now();
    events(how, `${head}${repeated.repeat(16_000_000 / repeated.length)}${tail}\nend`);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  });
});
