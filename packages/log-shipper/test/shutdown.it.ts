import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { account, line, lines, perfect } from './support/lines.ts';
import { Receiver } from './support/receiver.ts';
import { type Flags, started, startShipper } from './support/shipper.ts';

async function scene(flags: Flags = {}) {
  const dir = tempDir();
  mkdirSync(dir.file('log'));
  const receiver = await Receiver.start();
  const shipper = startShipper({
    ...{ paths: dir.file('log/*.log'), sink: receiver.url, 'state-dir': dir.file('state'), ...flags },
  });
  await started(shipper);
  return {
    ...{ dir, receiver, shipper, log: dir.file('log/app.log') },
    async [Symbol.asyncDispose]() {
      await shipper[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

describe.concurrent('at SIGTERM', () => {
  it('ships a burst that the app wrote right before', async () => {
    await using at = await scene();
    appendFileSync(at.log, lines(0, 50_000));
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 50_000)).toEqual(perfect);
  });

  it('ships a file that was created right before', async () => {
    await using at = await scene();
    appendFileSync(at.log, lines(0, 100));
    await at.receiver.received(100);
    writeFileSync(at.dir.file('log/new.log'), lines(100, 200));
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
  });

  it('ships lines that the app writes afterwards', async () => {
    await using at = await scene();
    let next = 100;
    // each line is written before the one before it is acknowledged
    at.receiver.behaviour = () => {
      if (next < 110) appendFileSync(at.log, `${line(next++)}\n`);
      return 200;
    };
    appendFileSync(at.log, lines(0, 100));
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 110)).toEqual(perfect);
  });

  it('retries a sink at once that asked for a long wait', async () => {
    await using at = await scene();
    at.receiver.behaviour = () =>
      at.receiver.requests.length === 1 ? { status: 429, headers: { 'retry-after': '60' } } : 200;
    appendFileSync(at.log, lines(0, 100));
    await eventually(() => at.receiver.requests.length === 1);
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 100)).toEqual(perfect);
  });

  it('ships an unfinished last line', async () => {
    await using at = await scene();
    appendFileSync(at.log, `${line(0)}\n${line(1)}`);
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 2)).toEqual(perfect);
  });

  it('ships an unfinished last line to a working sink while another one fails', async () => {
    await using at = await scene();
    await using away = await Receiver.start();
    away.behaviour = () => 503;
    await using both = await started(
      startShipper({
        ...{
          paths: at.dir.file('other.txt'),
          sink: [at.receiver.url, away.url],
          'state-dir': at.dir.file('state2'),
        },
        'shutdown-timeout': '5s',
      }),
    );
    writeFileSync(at.dir.file('other.txt'), `${line(0)}\n${line(1)}`);
    await eventually(() => away.requests.length > 0);
    expect(await both.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 2)).toEqual(perfect);
    const flags = { paths: at.dir.file('other.txt'), 'state-dir': at.dir.file('state2') };
    await using next = await started(
      startShipper({ ...flags, sink: [at.receiver.url, away.url], 'shutdown-timeout': '5s' }),
    );
    expect(await next.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 2)).toEqual(perfect);
  });

  it('waits for a slow sink', async () => {
    await using at = await scene();
    at.receiver.behaviour = async () => {
      await delay(1500);
      return 200;
    };
    appendFileSync(at.log, lines(0, 100));
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, 100)).toEqual(perfect);
  });

  it.each([
    ['answers 503', () => 503],
    ['never answers', () => 'handled' as const],
  ])(
    'reports the backlog when the sink %s until the deadline, and the next run ships it',
    async (_, behaviour) => {
      await using at = await scene({ 'shutdown-timeout': '5s' });
      at.receiver.behaviour = behaviour;
      appendFileSync(at.log, lines(0, 100));
      await eventually(() => at.receiver.requests.length > 0);
      expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
      const left = at.shipper.log.find(({ msg }) => msg === 'stopped with unshipped data');
      expect(left).toMatchObject({ level: 'warn', bytes: { [at.log]: Buffer.byteLength(lines(0, 100)) } });

      at.receiver.behaviour = () => 200;
      await using next = await started(
        startShipper({ paths: at.log, sink: at.receiver.url, 'state-dir': at.dir.file('state') }),
      );
      await at.receiver.received(100);
      expect(await next.stop()).toEqual({ code: 0, signal: null });
      expect(account(at.receiver.records, 0, 100)).toEqual(perfect);
    },
  );

  it('exits soon when there is nothing to do', async () => {
    await using at = await scene();
    const began = performance.now();
    expect(await at.shipper.stop()).toEqual({ code: 0, signal: null });
    // well before the deadline
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it('ships everything to standard output before it exits', async () => {
    using dir = tempDir();
    const log = dir.file('app.log');
    await using shipper = await started(
      startShipper({ paths: log, sink: 'stdout:', 'state-dir': dir.file('state') }),
    );
    writeFileSync(log, lines(0, 50_000));
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    const records = shipper.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(account(records, 0, 50_000)).toEqual(perfect);
  });
});

describe.concurrent('an unfinished last line', () => {
  it('is held until its end arrives', async () => {
    await using at = await scene({ 'partial-timeout': '1h' });
    const text = line(1);
    appendFileSync(at.log, `${line(0)}\n${text.slice(0, 10)}`);
    await at.receiver.received(1);
    await delay(300);
    appendFileSync(at.log, `${text.slice(10)}\n`);
    await at.receiver.received(2);
    expect(account(at.receiver.records, 0, 2)).toEqual(perfect);
  });

  it('is shipped when its end does not arrive, and later text is marked as a part of it', async () => {
    await using at = await scene({ 'partial-timeout': '100ms' });
    appendFileSync(at.log, 'half');
    await at.receiver.received(1);
    appendFileSync(at.log, ' and the rest\nnext\n');
    await at.receiver.received(3);
    appendFileSync(at.log, 'again');
    await at.receiver.received(4);
    appendFileSync(at.log, '\nlast\n');
    await at.receiver.received(5);
    expect(
      at.receiver.records.map(({ message, part, last, offset }) => ({ message, part, last, offset })),
    ).toEqual([
      { message: 'half', offset: 0 },
      { message: ' and the rest', part: 2, last: true, offset: 4 },
      { message: 'next', offset: 18 },
      { message: 'again', offset: 23 },
      { message: 'last', offset: 29 },
    ]);
  });

  it('continues as a part after a restart', async () => {
    await using at = await scene();
    appendFileSync(at.log, 'half');
    await at.shipper.stop();
    appendFileSync(at.log, ' and the rest\n');
    await using next = await started(
      startShipper({ paths: at.log, sink: at.receiver.url, 'state-dir': at.dir.file('state') }),
    );
    await at.receiver.received(2);
    await next.stop();
    expect(at.receiver.records[1]).toMatchObject({ message: ' and the rest', part: 2, last: true });
  });
});

describe.concurrent('a long line', () => {
  it('is shipped in marked parts, whatever its length', async () => {
    await using at = await scene({ 'max-line': '64KiB' });
    const long = '0123456789äöü€😀'.repeat(500_000);
    appendFileSync(at.log, `before\n${long}\nbehind\n`);
    await eventually(() => at.receiver.records.at(-1)?.['message'] === 'behind', { timeoutMs: 20_000 });
    const [before, ...parts] = at.receiver.records;
    const behind = parts.pop();
    expect([before?.['message'], behind?.['message']]).toEqual(['before', 'behind']);
    expect(parts.map(({ message }) => message).join('')).toBe(long);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
    expect(parts.map(({ last }) => last)).toEqual(
      parts.map((_, index) => (index === parts.length - 1 ? true : undefined)),
    );
  });

  it('of 10 MB is shipped whole if --max-line allows it', async () => {
    await using at = await scene({ 'max-line': '16MiB' });
    const long = `{"id":1,"text":"${'x'.repeat(10_000_000)}"}`;
    appendFileSync(at.log, `${long}\n\0\u0001"quoted"\n`);
    await at.receiver.received(2);
    expect(at.receiver.records[0]).toMatchObject(JSON.parse(long));
    expect(at.receiver.records[1]).toMatchObject({ message: '\0\u0001"quoted"' });
  });
});
