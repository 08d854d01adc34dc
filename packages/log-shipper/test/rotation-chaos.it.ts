import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { account, lines, perfect } from './support/lines.ts';
import { randomFrom } from './support/random.ts';
import { Receiver } from './support/receiver.ts';
import { started, startShipper } from './support/shipper.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 3);

/** A log that grows and is rotated by either method, a few times at most. */
class Log {
  readonly path: string;
  written = 0;
  readonly #random: () => number;
  #rotations = 0;

  constructor(path: string, random: () => number) {
    this.path = path;
    this.#random = random;
  }

  append(): string {
    const count = 1 + Math.floor(this.#random() * 40);
    appendFileSync(this.path, lines(this.written, this.written + count));
    this.written += count;
    return `append ${count}`;
  }

  rotate(): string {
    if (++this.#rotations > 5) return this.append();
    for (let number = 5; number > 0; number--) {
      const name = `${this.path}.${number}`;
      if (existsSync(name)) renameSync(name, `${this.path}.${number + 1}`);
    }
    if (this.#random() < 0.5) {
      renameSync(this.path, `${this.path}.1`);
      writeFileSync(this.path, '');
      return 'rename';
    }
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
    return 'copytruncate';
  }
}

/** Random events: the log grows or is rotated, the shipper stops, dies or restarts, and so does the backend. */
async function live(random: () => number, folder: string, receiver: Receiver) {
  mkdirSync(`${folder}/log`);
  const glob = random() < 0.5 ? 'app.log' : 'app.log*';
  const log = new Log(`${folder}/log/app.log`, random);
  const story = [glob, log.append()];
  let wasKilled = false;
  let shipper: RunningProgram | undefined;
  const flags = { paths: `${folder}/log/${glob}`, sink: receiver.url, 'state-dir': `${folder}/state` };
  const toggle = async () => {
    if (shipper === undefined) {
      shipper = await started(startShipper({ ...flags, 'shutdown-timeout': '2s' }));
      return 'start';
    }
    const isKill = random() < 0.4;
    await shipper.stop(isKill ? 'SIGKILL' : 'SIGTERM');
    await receiver.disconnected();
    wasKilled ||= isKill;
    shipper = undefined;
    return isKill ? 'kill' : 'stop';
  };
  const turnBackend = () => {
    const isAway = random() < 0.5;
    receiver.behaviour = () => (isAway ? 503 : 200);
    return isAway ? 'away' : 'back';
  };
  try {
    story.push(await toggle());
    await receiver.received(1);
    for (let step = 0; step < 12; step++) {
      // file times give the order of generations, and their clock has coarse ticks
      await delay(20);
      const luck = random();
      if (luck < 0.4) story.push(log.append());
      else if (luck < 0.6) story.push(log.rotate());
      else if (luck < 0.75) story.push(await toggle());
      else if (luck < 0.9) story.push(turnBackend());
      else await delay(random() * 300);
    }
    receiver.behaviour = () => 200;
    if (shipper === undefined) story.push(await toggle());
    story.push(log.append());
    await eventually(() => receiver.records.some(({ id }) => id === log.written - 1)).catch(() => undefined);
  } finally {
    await shipper?.stop();
  }
  return { written: log.written, wasKilled, story: story.join(', ') };
}

describe.concurrent(`rotations, stops and outages at random (SEED=${seed} ROUNDS=${rounds})`, () => {
  it.each(Array.from({ length: rounds }, (_, round) => seed + round))(
    'lose nothing and keep the order: seed %d',
    async (one) => {
      using dir = tempDir();
      await using receiver = await Receiver.start();
      const { written, wasKilled, story } = await live(randomFrom(one), dir.path, receiver);
      const { twice, ...found } = account(receiver.records, 0, written);
      const { twice: none, ...expected } = perfect;
      expect(found, story).toEqual(expected);
      if (!wasKilled) expect(twice, story).toBe(none);
    },
  );
});
