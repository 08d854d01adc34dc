import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../testing/attempt.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import {
  amqpMethod,
  kafkaReply,
  mongoReply,
  mysqlError,
  mysqlGreeting,
  negotiation,
  noTls,
  notice,
  oldError,
  postgresError,
  postgresPassword,
} from '../../testing/messages.ts';

/** Messages of a server and their outcomes. MySQL speaks first; other servers answer. */
const conversations: ReadonlyArray<readonly [url: string, said: readonly Buffer[], outcome: object]> = [
  ['postgres://HOST', [noTls, postgresPassword], { ok: true }],
  [
    'postgres://HOST',
    [noTls, postgresError('57P03', 'the database system is starting up')],
    { reason: 'loading' },
  ],
  ['postgres://HOST', [noTls, postgresError('57P01', 'terminating connection')], { reason: 'not-ready' }],
  ['postgres://HOST', [noTls, postgresError('53300', 'too many clients already')], { reason: 'not-ready' }],
  [
    'postgres://HOST/x',
    [noTls, postgresError('3D000', 'database "x" does not exist')],
    { reason: 'missing' },
  ],
  ['postgres://me@HOST', [noTls, postgresError('28000', 'no pg_hba.conf entry')], { reason: 'auth' }],
  ['postgres://HOST', [noTls, postgresError('28000', 'no pg_hba.conf entry')], { ok: true }],
  ['postgres://HOST', [noTls, Buffer.concat([notice, negotiation, notice, postgresPassword])], { ok: true }],
  ['postgres://HOST', [noTls, Buffer.concat(Array(100).fill(notice))], { reason: 'mismatch' }],
  ...(['08P01', 'XX000', '0A000', '58P01', '22023'] as const).flatMap((state) =>
    ['postgres://HOST', 'postgres://me@HOST'].map(
      (url) => [url, [noTls, postgresError(state, 'no')], { reason: 'not-ready' }] as const,
    ),
  ),
  ['postgres://HOST', [noTls, postgresError('42501', 'permission denied for database')], { ok: true }],
  ['postgres://me@HOST', [noTls, postgresError('42501', 'permission denied')], { reason: 'denied' }],
  ['postgres://HOST', [postgresError('57P03', 'the database system is starting up')], { reason: 'loading' }],
  [
    'postgres://HOST',
    [oldError],
    { reason: 'not-ready', detail: expect.stringContaining(': could not fork new process') },
  ],
  ['postgres://HOST', [Buffer.from('H')], { reason: 'mismatch' }],
  ['postgres://HOST', [noTls, Buffer.from('HTTP/1.1 400')], { reason: 'mismatch' }],
  ['mysql://HOST', [mysqlGreeting], { ok: true, detail: expect.stringContaining('greets as 8.4.0') }],
  [
    'mysql://HOST',
    [mysqlError(1040, '#08004Too many connections')],
    { reason: 'not-ready', detail: expect.stringContaining(': Too many connections (1040)') },
  ],
  ['mysql://HOST', [mysqlError(1130, "Host 'x' is not allowed to connect")], { reason: 'denied' }],
  ['mysql://HOST', [Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')], { reason: 'mismatch' }],
  ['amqp://HOST', [amqpMethod(10, 10)], { ok: true }],
  ['amqp://HOST', [amqpMethod(10, 50)], { reason: 'mismatch' }],
  [
    'amqp://HOST',
    [Buffer.from('AMQP\0\x01\0\0', 'latin1')],
    { reason: 'mismatch', detail: expect.stringContaining('0-9-1') },
  ],
  ['amqp://HOST', [Buffer.from('-ERR\r\n')], { reason: 'mismatch' }],
  ['mongodb://HOST', [mongoReply({ ok: 1 }, { isWritablePrimary: true })], { ok: true }],
  ['mongodb://HOST', [mongoReply({ ok: 1 }, { isWritablePrimary: false, secondary: true })], { ok: true }],
  ['mongodb://HOST', [mongoReply({ ok: 1, msg: 'isdbgrid' }, { isWritablePrimary: true })], { ok: true }],
  [
    'mongodb://HOST',
    [
      mongoReply(
        { ok: 1, info: 'Does not have a valid replica set config' },
        { isWritablePrimary: false, secondary: false },
      ),
    ],
    { reason: 'not-ready', detail: expect.stringContaining('valid replica set') },
  ],
  [
    'mongodb://HOST',
    [mongoReply({ ok: 0, errmsg: 'not yet' })],
    { reason: 'not-ready', detail: expect.stringContaining('not yet') },
  ],
  ['mongodb://HOST', [mongoReply({ ok: 0, code: 59, errmsg: "no such command: 'hello'" })], { ok: true }],
  ['mongodb://HOST', [Buffer.from('HTTP/1.1 400 Bad Request')], { reason: 'mismatch' }],
  ['kafka://HOST', [kafkaReply(0)], { ok: true }],
  ['kafka://HOST', [kafkaReply(35)], { reason: 'not-ready' }],
  ['kafka://HOST', [kafkaReply(0, 7)], { reason: 'mismatch' }],
  ['kafka://HOST', [Buffer.from('HTTP/1.1 400 Bad Request')], { reason: 'mismatch' }],
];

/** Sends one message for each that arrives, MySQL's at once. `split` cuts the last message in two. */
function serverThatSays(url: string, said: readonly Buffer[], split = 0) {
  const left = [...said];
  const speak = (socket: { write(bytes: Buffer): unknown }) => {
    const message = left.shift() ?? Buffer.alloc(0);
    socket.write(message.subarray(0, split || message.length));
    if (split > 0) setImmediate(() => socket.write(message.subarray(split)));
  };
  return url.startsWith('mysql:')
    ? FakeServer.start(speak)
    : FakeServer.start(undefined, (_, socket) => speak(socket));
}

describe('the handshake of', () => {
  it.each(conversations)('%s, whose server says %j', async (url, said, outcome) => {
    await using server = await serverThatSays(url, said);
    expect(await tryOnce(url.replace('HOST', `127.0.0.1:${server.port}`))).toMatchObject(outcome);
  });

  it.each([
    ['mysql://HOST', mysqlGreeting],
    ['amqp://HOST', amqpMethod(10, 10)],
    ['mongodb://HOST', mongoReply({ ok: 1 }, { isWritablePrimary: true })],
    ['kafka://HOST', kafkaReply(0)],
  ])(
    '%s is understood wherever the network cuts it',
    async (url, message) => {
      for (let split = 1; split < message.length; split++) {
        await using server = await serverThatSays(url, [message], split);
        expect(await tryOnce(url.replace('HOST', `127.0.0.1:${server.port}`))).toMatchObject({ ok: true });
      }
    },
    60_000,
  );

  it.concurrent.each(['postgres', 'mysql', 'amqp', 'mongodb', 'kafka'])(
    '%s, whose server hangs up or is silent',
    async (scheme) => {
      await using rude = await FakeServer.start((socket) => socket.end());
      await using silent = await FakeServer.start();
      expect(await tryOnce(`${scheme}://127.0.0.1:${rude.port}`)).toMatchObject({ reason: 'reset' });
      expect(await tryOnce(`${scheme}://127.0.0.1:${silent.port}`, { timeoutMs: 1500 })).toMatchObject({
        reason: 'timeout',
        detail: expect.stringMatching(/^connected to 127\.0\.0\.1:\d+, but no /),
      });
    },
  );
});
