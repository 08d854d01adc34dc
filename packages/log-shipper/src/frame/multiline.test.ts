import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { emptyLine } from './line.ts';
import { EventFollower, readMultiline } from './multiline.ts';

/** The events of a text. */
function events(how: string, text: string): string[] {
  const lines = text.split('\n');
  const follower = new EventFollower(understood(readMultiline(how)));
  const found: string[][] = [];
  let mayGoOn = false;
  for (const text of lines) {
    if (mayGoOn && follower.continues(text)) {
      found.at(-1)?.push(text);
      continue;
    }
    found.push([text]);
    const bytes = Buffer.from(text);
    mayGoOn = follower.begin({ ...emptyLine(), bytes, end: bytes.length });
  }
  return found.map((lines) => lines.join('\n'));
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

describe('multiline', () => {
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
  ])('%s keeps together what belongs together', (how, text, lengths) => {
    const found = events(how, text);
    expect(found.join('\n')).toBe(text);
    expect(found.map((event) => event.split('\n').length)).toEqual(lengths);
  });

  it('leaves ordinary lines apart', () => {
    for (const how of ['java', 'python', 'node', 'go'])
      expect(events(how, 'a\nb\n{"c":1}\nd')).toHaveLength(4);
  });

  it.each(['ruby', '', '/', '//', '/a/x'])('says no to %j', (text) => {
    expect(readMultiline(text)).toBeUndefined();
  });

  // the last letter keeps each from ending early; one of them took an hour, another the process
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
  ])('%s follows %j with 16 MB of %j and %j', { timeout: 120_000 }, (how, head, repeated, tail) => {
    const startedMs = performance.now();
    events(how, `${head}${repeated.repeat(16_000_000 / repeated.length)}${tail}\nend`);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  });
});
