import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { account, line, perfect } from './support/lines.ts';
import { randomFrom } from './support/random.ts';
import { Receiver } from './support/receiver.ts';
import { started, startShipper } from './support/shipper.ts';

/** An app that writes to one log file and rotates it now and then, until it is told to stop. */
class Writer {
  readonly path: string;
  written = 0;
  #file: number;
  /** What is rotated away before a shipper ever saw its name is nothing that it could know of. */
  rotates = false;
  #isStopped = false;
  #rotations = 0;
  readonly done: Promise<void>;

  constructor(path: string, random: () => number) {
    this.path = path;
    this.#file = openSync(path, 'a');
    this.done = this.#write(random);
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return this.done;
  }

  async #write(random: () => number): Promise<void> {
    while (!this.#isStopped) {
      const count = Math.floor(random() * 200);
      for (let index = 0; index < count; index++) {
        const text = Buffer.from(`${line(this.written++)}\n`);
        // now and then in two writes, so that a reader meets half a line
        const cut = random() < 0.05 ? Math.floor(random() * text.length) : 0;
        if (cut > 0) writeSync(this.#file, text.subarray(0, cut));
        if (cut > 0 && random() < 0.2) await delay(3);
        writeSync(this.#file, text.subarray(cut));
      }
      if (this.rotates && random() < 0.04) this.#rotate();
      await delay(random() * 10);
    }
    closeSync(this.#file);
  }

  #rotate(): void {
    renameSync(this.path, `${this.path}-${++this.#rotations}`);
    closeSync(this.#file);
    this.#file = openSync(this.path, 'a');
  }
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const kills = Number(process.env['KILLS'] ?? 6);

describe.concurrent(`killed at random moments (SEED=${seed})`, () => {
  it('loses nothing, keeps the order, and repeats at most one batch for each crash', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    const random = randomFrom(seed);
    const folder = join(dir.path, 'log');
    mkdirSync(folder);
    const flags = { paths: `${folder}/*.log`, sink: receiver.url, 'state-dir': dir.file('state') };
    const writers: Writer[] = [];

    let mayRepeat = 0;
    for (let kill = 0; kill < kills; kill++) {
      await using shipper = await started(startShipper(flags));
      if (kill === 0) {
        writers.push(...['a', 'b'].map((name) => new Writer(join(folder, `${name}.log`), random)));
        await Promise.all(writers.map(({ path }) => receiver.receivedFrom(path)));
        for (const writer of writers) writer.rotates = true;
      }
      await delay(random() * 400);
      await shipper.stop('SIGKILL');
      await receiver.isAlone();
      // an answer may still have been on its way
      mayRepeat += receiver.requests.at(-1)?.lines.length ?? 0;
    }
    await using shipper = await started(startShipper(flags));
    await Promise.all(writers.map((writer) => writer.stop()));
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });

    let repeated = 0;
    for (const { path, written } of writers) {
      const mine = receiver.records.filter(({ file }) => file === path);
      const { twice, ...rest } = account(mine, 0, written);
      const { twice: _, ...expected } = perfect;
      expect(rest).toEqual(expected);
      repeated += twice;
    }
    expect(repeated).toBeLessThanOrEqual(mayRepeat);
  });

  it('loses nothing and keeps the order when the backend misbehaves as well', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    const random = randomFrom(seed + 1);
    receiver.behaviour = async (request, response) => {
      const luck = random();
      if (luck < 0.5) return 200;
      if (luck < 0.6) await delay(random() * 50);
      if (luck < 0.7) return 503;
      if (luck < 0.75) return 429;
      if (luck < 0.8) return 401;
      // taken, but nobody is told
      if (luck < 0.9) receiver.accept(request);
      response.destroy();
      return 'handled';
    };
    const folder = join(dir.path, 'log');
    mkdirSync(folder);
    const flags = { paths: `${folder}/*.log`, sink: receiver.url, 'state-dir': dir.file('state') };
    await using first = await started(startShipper(flags));
    const writer = new Writer(join(folder, 'a.log'), random);
    await receiver.receivedFrom(writer.path);
    writer.rotates = true;
    await first.stop('SIGKILL');
    for (let kill = 0; kill < kills / 2; kill++) {
      await using shipper = await started(startShipper(flags));
      await delay(random() * 600);
      await shipper.stop('SIGKILL');
    }
    await using shipper = await started(startShipper(flags));
    await writer.stop();
    appendFileSync(writer.path, 'the end, without a newline');
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    expect(receiver.records.at(-1)?.['message']).toBe('the end, without a newline');
    const numbered = receiver.records.filter((record) => record['message'] === undefined);
    const { lost, outOfOrder, altered } = account(numbered, 0, writer.written);
    expect({ lost, outOfOrder, altered }).toEqual({ lost: '', outOfOrder: 0, altered: 0 });
  });
});
