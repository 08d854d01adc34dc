import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import { ChaosLog, rotations } from './support/chaos-log.ts';
import { account, perfect } from './support/lines.ts';
import { randomFrom } from './support/random.ts';
import { Receiver } from './support/receiver.ts';
import { started, startShipper } from './support/shipper.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const seconds = Number(process.env['CHAOS_SECONDS'] ?? 15);

/** A sink that fails in every way; `mayRepeat` is told of lines that it took although nobody knows. */
function failing(receiver: Receiver, random: () => number, mayRepeat: (count: number) => void) {
  receiver.behaviour = async (request, response) => {
    const luck = random();
    if (luck < 0.6) return 200;
    if (luck < 0.7) {
      await delay(random() * 100);
      return 200;
    }
    if (luck < 0.75) return 503;
    if (luck < 0.8) return { status: 429, headers: { 'retry-after': '1' } };
    if (luck < 0.85) return 401;
    if (luck < 0.92) {
      // taken, but the answer is lost on its way
      receiver.accept(request);
      mayRepeat(request.lines.length);
    } else await delay(300);
    response.destroy();
    return 'handled';
  };
}

it(`loses no line, keeps the order, and repeats only what it cannot know (SEED=${seed} CHAOS_SECONDS=${seconds})`, {
  timeout: (seconds + 120) * 1000,
}, async () => {
  using dir = tempDir();
  await using receiver = await Receiver.start();
  const random = randomFrom(seed);
  const folder = dir.file('log');
  mkdirSync(folder);
  const flags = {
    paths: [`${folder}/rename.log`, `${folder}/*e*.log*`],
    sink: receiver.url,
    ...{ 'state-dir': dir.file('state'), 'shutdown-timeout': '5s' },
  };
  const highest = new Map<unknown, number>();
  const isShipped = (path: string, id: number) => {
    for (const record of receiver.records.slice(highest.size === 0 ? 0 : -20_000)) {
      highest.set(record.file, Math.max(highest.get(record.file) ?? -1, Number(record['id'])));
    }
    return (highest.get(path) ?? -1) >= id;
  };
  const logs = rotations.map((rotation) => {
    const path = join(folder, `${rotation.replaceAll(' ', '-')}.log`);
    return new ChaosLog(path, rotation, { random, isShipped: (id) => isShipped(path, id) });
  });

  let mayRepeat = 0;
  let kills = 0;
  let stops = 0;
  const endMs = performance.now() + seconds * 1000;
  for (let run = 0; run === 0 || performance.now() < endMs; run++) {
    await using shipper = await started(startShipper(flags));
    if (run === 0) {
      await Promise.all(logs.map(({ path }) => receiver.receivedFrom(path)));
      for (const log of logs) log.rotates = true;
      failing(receiver, random, (count) => {
        mayRepeat += count;
      });
    }
    await delay(random() * 3000);
    const isKill = random() < 0.7;
    // a sidecar is asked to stop when the app has ended
    using held = new DisposableStack();
    if (!isKill) for (const log of logs) held.use(await log.hold());
    const { code } = await shipper.stop(isKill ? 'SIGKILL' : 'SIGTERM');
    await receiver.isAlone();
    if (isKill) kills++;
    else stops++;
    // an answer may still have been on its way, to a stop whose time was over, too
    mayRepeat += receiver.requests.at(-1)?.lines.length ?? 0;
    if (!isKill) expect(code).toBe(0);
  }
  receiver.behaviour = () => 200;
  await using shipper = await started(startShipper({ ...flags, 'shutdown-timeout': '60s' }));
  await Promise.all(logs.map((log) => log.stop()));
  expect(await shipper.stop()).toEqual({ code: 0, signal: null });

  let repeated = 0;
  const accounts = logs.map(({ path, rotation, written, rotated }) => {
    // a copy that nobody could know for one has a name of its own, and an order of its own
    const own = receiver.records.filter(({ file }) => String(file).startsWith(path));
    const { outOfOrder } = account(
      own.filter(({ file }) => file === path),
      0,
      written,
    );
    const { lost, altered, twice } = account(own, 0, written);
    repeated += twice;
    return { rotation, rotated, written, twice, lost, outOfOrder, altered };
  });
  console.table(accounts);
  console.log(`${kills} kills, ${stops} stops, ${repeated} lines twice, at most ${mayRepeat} may be`);
  const { twice: _, ...expected } = perfect;
  for (const one of accounts) expect(one).toMatchObject(expected);
  expect(repeated).toBeLessThanOrEqual(mayRepeat);
});
