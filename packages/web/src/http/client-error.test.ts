import { describe, expect, it } from 'vitest';
import { clientProblem } from './client-error.ts';

const long = 'a'.repeat(40_000);

describe('clientProblem', () => {
  it.each([
    ['an endless address', 'HPE_HEADER_OVERFLOW', `GET /${long}`, 414],
    [
      'an address that is too long, with what follows it',
      'HPE_HEADER_OVERFLOW',
      `GET /${long} HTTP/1.1\r\nhost: a\r\n`,
      414,
    ],
    ['the rest of a long address', 'HPE_HEADER_OVERFLOW', `${long} HTTP/1.1\r\nhost: a\r\n`, 414],
    ['a large header', 'HPE_HEADER_OVERFLOW', `GET / HTTP/1.1\r\nx: ${long}\r\n`, 431],
    ['the rest of a large header', 'HPE_HEADER_OVERFLOW', `${long}\r\nhost: a\r\n`, 431],
    ['no packet', 'HPE_HEADER_OVERFLOW', undefined, 431],
    ['a request that never ends', 'ERR_HTTP_REQUEST_TIMEOUT', undefined, 408],
    ['another protocol', 'HPE_INVALID_METHOD', '\x16\x03\x01', 400],
    ['no code at all', undefined, undefined, 400],
  ])('%s is %s', (_, code, packet, status) => {
    expect(clientProblem(code, packet === undefined ? undefined : Buffer.from(packet)).status).toBe(status);
  });
});
