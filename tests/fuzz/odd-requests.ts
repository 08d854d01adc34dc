import fc from 'fast-check';

/** Bytes for one connection, in latin1: written piece by piece while the server accepts them. */
export interface Conversation {
  readonly pieces: readonly string[];
  /** The client's end: after its last byte it ends its side, resets, or waits for an answer. */
  readonly leaving: 'half-close' | 'reset' | 'wait';
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some).toString('latin1'));

const method = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE') },
  { weight: 2, arbitrary: fc.constantFrom('OPTIONS', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'M-SEARCH') },
  { weight: 1, arbitrary: fc.constantFrom('get', '', 'PRI', 'NOPE', '\x16\x03\x01') },
);

const path = fc.constantFrom(
  ...[
    '/',
    '/livez',
    '/readyz',
    '/metrics',
    '/status',
    '/-/healthy',
    '/-/ready',
    '/-/reload',
    '/-/quit',
    '/faults',
  ],
  ...[
    '/api/views',
    '/api/views/a',
    '/api/cache/a',
    '/api/info',
    '/api/pod',
    '/api/errors',
    '/events',
    '/picture',
    '/page.js',
    '/api/make/burst',
  ],
);
const oddTarget = fc.constantFrom(
  ...[
    '',
    '*',
    '//',
    '//metrics',
    '///',
    '/\\',
    '/%',
    '/%00',
    '/%E0%A4%A',
    '/\0',
    '/\x7f',
    '/\xff',
    '/..//../livez',
    '/#',
  ],
  ...[
    'http:',
    'http://',
    'http://[',
    'http://[::1',
    'http://h:99999/',
    'http://h:port/',
    'http://u:p@/',
    'http://%/',
  ],
  ...[
    'a:',
    'a:b',
    'mailto:a',
    'javascript:a',
    'file:///',
    'h:443',
    '?',
    '?a',
    'livez',
    '/api/cache/%',
    '/api/views/%ff',
  ],
  ...[`/${'a'.repeat(9000)}`, `/${'a'.repeat(40_000)}`, `/${'%'.repeat(5000)}`, `//${'@'.repeat(3000)}`],
);
const query = fc.constantFrom(
  '?',
  '?ttl=1',
  '?ttl[a]=1&ttl=2',
  '?__proto__[a]=1',
  `?${'a&'.repeat(2000)}`,
  '?%',
  '?#\xa0',
);
const target = fc.oneof(
  path,
  oddTarget,
  fc.tuple(path, query).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom('/', '//', 'http://', 'http://h:', 'h', '/api/cache/'), bytes)
    .map((parts) => parts.join('')),
);

const version = fc.oneof(
  { weight: 8, arbitrary: fc.constant(' HTTP/1.1') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(' HTTP/1.0', ' HTTP/2.0', ' HTTP/0.9', '', ' HTTP/1.1 x', ' HTTP/'),
  },
);

const header = fc.oneof(
  fc.constantFrom(
    ...[
      'Content-Length: 0',
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Length: 99999999999999',
      'Content-Length: 5, 6',
    ],
    ...[
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding: x',
      'TE: trailers',
    ],
    ...[
      'Expect: 100-continue',
      'Expect: more',
      'Connection: close',
      'Connection: Upgrade\r\nUpgrade: websocket',
    ],
    ...[
      'Connection: \xff',
      'Upgrade: h2c',
      'Host:',
      'Host: \xff',
      'Host: a\r\nHost: b',
      'Host: a b',
      'Host: http://a/',
      'Host: [::1',
      `Cookie: ${'a=b; '.repeat(2000)}`,
    ],
    ...[
      'Content-Type: application/json',
      'Content-Type: a/b; charset=\xff',
      'Content-Encoding: gzip',
      'Origin: null',
    ],
    ...[
      'Accept: text/html',
      'Accept-Encoding: gzip',
      'Accept-Encoding: gzip;q=\xff',
      'If-None-Match: *',
      'Range: bytes=-',
    ],
    ...[
      'X-Request-Id: \xe4',
      `Traceparent: 01-${'a'.repeat(32)}-${'b'.repeat(16)}-01-\xff`,
      'Tracestate: \xff',
      ' folded',
    ],
    ...[
      'no colon',
      ': no name',
      'a: \0',
      'a\0: b',
      `x: ${'a'.repeat(40_000)}`,
      'x: y\r\n'.repeat(2500).trimEnd(),
    ],
  ),
  fc
    .tuple(fc.constantFrom('x: ', 'User-Agent: ', 'X-Request-Id: ', 'Traceparent: ', 'Content-Type: '), bytes)
    .map((parts) => parts.join('')),
);
const headers = fc
  .tuple(fc.constantFrom('Host: h\r\n', 'Host: h\r\n', ''), fc.array(header, { maxLength: 3 }))
  .map(([host, others]) => host + others.map((one) => `${one}\r\n`).join(''));

const body = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom(
    '{',
    '{}',
    '[1',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffffffffffff\r\n',
    '-1\r\n',
    '0\r\nx: y\r\n\r\n',
    '\r\n',
  ),
  fc.constant('x'.repeat(100_000)),
  bytes,
);

const request = fc
  .tuple(method, target, version, headers, body)
  .map(([verb, where, protocol, lines, content]) => `${verb} ${where}${protocol}\r\n${lines}\r\n${content}`);

/** Cuts a text at these places, which are fractions of its length. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => Math.floor(place * text.length)), text.length].sort((a, b) => a - b);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end)).filter((piece) => piece !== '');
}

const conversationOf = (text: fc.Arbitrary<string>): fc.Arbitrary<Conversation> =>
  fc.record({
    pieces: fc
      .tuple(text, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }))
      .map(([whole, places]) => cut(whole, places)),
    leaving: fc.constantFrom('half-close', 'half-close', 'reset', 'wait'),
  });

const several = (one: fc.Arbitrary<string>) =>
  fc.array(one, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

/** Odd HTTP: one or several requests at once, in pieces, with unusual and invalid parts. */
export const httpConversation = conversationOf(fc.oneof({ weight: 9, arbitrary: several(request) }, bytes));

const word = fc.oneof(
  fc.constantFrom(
    'GET',
    'SET',
    'MULTI',
    'EXEC',
    'SUBSCRIBE',
    'HELLO',
    '3',
    'AUTH',
    'CLIENT',
    'BLPOP',
    '0',
    'RESET',
    'a',
  ),
  bytes,
);
const command = fc.oneof(
  fc
    .array(word, { maxLength: 4 })
    .map((words) => `*${words.length}\r\n${words.map((each) => `$${each.length}\r\n${each}\r\n`).join('')}`),
  fc.constantFrom(
    '*-1\r\n',
    '*99999999999\r\n',
    '*1\r\n$-5\r\n',
    '$5\r\nhello\r\n',
    `*3\r\n$${'9'.repeat(30)}\r\n`,
    'QUIT\r\n',
  ),
  fc.array(word, { maxLength: 4 }).map((words) => `${words.join(' ')}\r\n`),
);
/** RESP and inline commands, right and wrong. */
export const redisConversation = conversationOf(fc.oneof({ weight: 9, arbitrary: several(command) }, bytes));

const line = fc
  .tuple(
    fc.oneof(fc.constantFrom('a', 'a.b', '', '__proto__', 'a:b', 'x'.repeat(5000)), bytes),
    fc.constantFrom(':1', ':', ':-1', ':+1e400', ':NaN', ':1:2:3', '', ':0x10', `:${'9'.repeat(400)}`),
    fc.constantFrom(
      '|c',
      '|g',
      '|ms',
      '|h',
      '|d',
      '|s',
      '|',
      '|x',
      '|c|@0',
      '|c|@0.1',
      '|c|@1e-9',
      '|c|@x',
      '|ms|@0.0001',
    ),
    fc.oneof(
      fc.constantFrom(
        '',
        '|#a:b',
        '|#a',
        '|#,,:',
        '|#a:b|#c:d',
        '|T1',
        '|c:x',
        '|#__name__:x,le:1,quantile:1',
      ),
      bytes,
    ),
  )
  .map((parts) => `${parts.join('')}\n`);
/** StatsD lines in all dialects, right and wrong. */
export const statsdConversation = conversationOf(fc.oneof({ weight: 9, arbitrary: several(line) }, bytes));
