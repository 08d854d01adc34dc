import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { account, lines, perfect } from './support/lines.ts';
import { type ReceivedRecord, Receiver } from './support/receiver.ts';
import { started, startShipper } from './support/shipper.ts';

/** Lines 0 to 100 are written before the rotation, 100 to 200 after it (to 150, then rotated again, for chains). */
const half = 100;
const all = 200;

interface Form {
  /** Pattern of the files to read in the form's folder. */
  readonly glob?: string;
  readonly create: (folder: string) => void;
  /** Appends the second part of the first half. */
  readonly grow?: (folder: string) => void;
  readonly rotate: (folder: string) => void;
  /** Destroys bytes that nobody could read in time: of the first half, only lines shipped before it are expected. */
  readonly destroys?: boolean;
  /** Cannot be found if it happens while the shipper is down. */
  readonly onlyLive?: boolean;
}

const log = (folder: string) => join(folder, 'app.log');
const create = (folder: string) => writeFileSync(log(folder), lines(0, half / 2));
const grow = (folder: string) => appendFileSync(log(folder), lines(half / 2, half));
const rest = (folder: string) => appendFileSync(log(folder), lines(half, all));

function chain(folder: string, step: () => void): void {
  step();
  appendFileSync(log(folder), lines(half, 150));
  step();
  appendFileSync(log(folder), lines(150, all));
}

function shift(folder: string): void {
  for (const [from, to] of [
    ['app.log.2', 'app.log.3'],
    ['app.log.1', 'app.log.2'],
    ['app.log', 'app.log.1'],
  ] as const) {
    if (statSync(join(folder, from), { throwIfNoEntry: false }))
      renameSync(join(folder, from), join(folder, to));
  }
}

function copyTruncate(folder: string): void {
  if (statSync(join(folder, 'app.log.1'), { throwIfNoEntry: false })) {
    renameSync(join(folder, 'app.log.1'), join(folder, 'app.log.2'));
  }
  copyFileSync(log(folder), join(folder, 'app.log.1'));
  truncateSync(log(folder));
}

const forms: Readonly<Record<string, Form>> = {
  'no rotation': { create, grow, rotate: rest },
  rename: {
    create,
    grow,
    rotate(folder) {
      shift(folder);
      rest(folder);
    },
  },
  'rename, both names in the glob': {
    glob: 'app.log*',
    create,
    grow,
    rotate(folder) {
      shift(folder);
      rest(folder);
    },
  },
  'rename to a date': {
    create,
    grow,
    rotate(folder) {
      renameSync(log(folder), join(folder, 'app-2026-01-31.log'));
      rest(folder);
    },
  },
  'rename, twice': {
    create,
    grow,
    rotate: (folder) => chain(folder, () => shift(folder)),
  },
  'rename out of the folder': {
    create,
    grow,
    onlyLive: true,
    rotate(folder) {
      mkdirSync(join(folder, 'old'));
      renameSync(log(folder), join(folder, 'old', 'app.log'));
      rest(folder);
    },
  },
  'rename, the writer keeps writing to the old file for a moment': {
    create,
    grow,
    rotate(folder) {
      const file = openSync(log(folder), 'a');
      shift(folder);
      writeSync(file, lines(half, 120));
      closeSync(file);
      appendFileSync(log(folder), lines(120, all));
    },
  },
  'rename and gzip': {
    glob: 'app.log*',
    create,
    grow,
    // gzip removes the original
    onlyLive: true,
    rotate(folder) {
      shift(folder);
      execFileSync('gzip', [join(folder, 'app.log.1')]);
      rest(folder);
    },
  },
  copytruncate: {
    create,
    grow,
    rotate(folder) {
      copyTruncate(folder);
      rest(folder);
    },
  },
  'copytruncate, both names in the glob': {
    glob: 'app.log*',
    create,
    grow,
    rotate(folder) {
      copyTruncate(folder);
      rest(folder);
    },
  },
  'copytruncate, twice': {
    create,
    grow,
    rotate: (folder) => chain(folder, () => copyTruncate(folder)),
  },
  'copytruncate, then rename': {
    create,
    grow,
    rotate(folder) {
      copyTruncate(folder);
      appendFileSync(log(folder), lines(half, 150));
      shift(folder);
      appendFileSync(log(folder), lines(150, all));
    },
  },
  'copytruncate under a writer that does not append': {
    create,
    grow,
    rotate(folder) {
      const { size } = statSync(log(folder));
      copyTruncate(folder);
      const file = openSync(log(folder), 'r+');
      writeSync(file, lines(half, all), size);
      closeSync(file);
    },
  },
  truncate: {
    create,
    grow,
    destroys: true,
    rotate(folder) {
      truncateSync(log(folder));
      rest(folder);
    },
  },
  'rewritten longer than before': {
    create,
    grow,
    destroys: true,
    rotate: (folder) => writeFileSync(log(folder), lines(half, all)),
  },
  'delete and create': {
    create,
    grow,
    onlyLive: true,
    rotate(folder) {
      rmSync(log(folder));
      rest(folder);
    },
  },
  'symlink swapped': {
    glob: 'current',
    create(folder) {
      writeFileSync(join(folder, 'app.7.txt'), lines(0, half / 2));
      symlinkSync('app.7.txt', join(folder, 'current'));
    },
    grow: (folder) => appendFileSync(join(folder, 'app.7.txt'), lines(half / 2, half)),
    rotate(folder) {
      writeFileSync(join(folder, 'app.8.txt'), lines(half, all));
      symlinkSync('app.8.txt', join(folder, 'next'));
      renameSync(join(folder, 'next'), join(folder, 'current'));
    },
  },
  'same inode again': {
    create,
    grow,
    onlyLive: true,
    rotate(folder) {
      const { ino } = statSync(log(folder));
      rmSync(log(folder));
      rest(folder);
      // a file system reuses an inode at once only if nobody has the file open
      if (statSync(log(folder)).ino === ino) expect(statSync(log(folder)).ino).toBe(ino);
    },
  },
};

/** Brings every form into a state, rotates, and lets the shipper finish. */
type State = (set: FormSet) => Promise<void>;

class FormSet {
  readonly root: string;
  readonly receiver: Receiver;
  readonly names: readonly string[];

  constructor(root: string, receiver: Receiver, names: readonly string[]) {
    this.root = root;
    this.receiver = receiver;
    this.names = names;
  }

  folder(name: string): string {
    return join(this.root, name.replace(/\W+/g, '-'));
  }

  start() {
    const paths = this.names.map((name) => join(this.folder(name), forms[name]?.glob ?? 'app.log'));
    return startShipper({ paths, sink: this.receiver.url, 'state-dir': join(this.root, 'state') });
  }

  each(act: (form: Form, folder: string) => void): void {
    for (const name of this.names) {
      const form = forms[name];
      if (form !== undefined) act(form, this.folder(name));
    }
  }

  records(name: string): ReceivedRecord[] {
    return this.receiver.records.filter(({ file }) => file.startsWith(`${this.folder(name)}/`));
  }

  /** Resolves when the form's last line has arrived. */
  async finished(shipper: RunningProgram): Promise<void> {
    for (const name of this.names) {
      await eventually(() => this.records(name).some(({ id }) => id === all - 1), {
        timeoutMs: 20_000,
      }).catch(() => {
        throw new Error(`${name}: its last line did not arrive\n${shipper.stderr.join('\n')}`);
      });
    }
  }
}

const away = () => 503;
const fine = () => 200;

const states: Readonly<Record<string, State>> = {
  async 'caught up'(set) {
    await using shipper = await started(set.start());
    set.each(({ grow }, folder) => grow?.(folder));
    await set.receiver.received(set.names.length * half);
    set.each(({ rotate }, folder) => rotate(folder));
    await set.finished(shipper);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
  },
  async behind(set) {
    set.receiver.behaviour = away;
    await using shipper = await started(set.start());
    set.each(({ grow }, folder) => grow?.(folder));
    await eventually(() => set.receiver.requests.length > 0);
    set.each(({ rotate }, folder) => rotate(folder));
    await eventually(() => set.receiver.requests.length > 3);
    set.receiver.behaviour = fine;
    await set.finished(shipper);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
  },
  async stopped(set) {
    await using first = await started(set.start());
    await set.receiver.received((set.names.length * half) / 2);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    set.each(({ grow, rotate }, folder) => {
      grow?.(folder);
      rotate(folder);
    });
    await using second = await started(set.start());
    await set.finished(second);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  },
  async killed(set) {
    set.receiver.behaviour = ({ lines: sent }) =>
      sent.length > 0 && set.receiver.requests.length > 1 ? 503 : 200;
    await using first = await started(set.start());
    await eventually(
      () => set.receiver.requests.length > 1 || set.receiver.records.length === (set.names.length * half) / 2,
    );
    await first.stop('SIGKILL');
    set.each(({ grow, rotate }, folder) => {
      grow?.(folder);
      rotate(folder);
    });
    set.receiver.behaviour = fine;
    await using second = await started(set.start());
    await set.finished(second);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  },
};

const isLive = (state: string) => state === 'caught up' || state === 'behind';

describe.concurrent.each(Object.entries(states))('rotated while %s', (state, reach) => {
  it('ships every line once, in order and unaltered, for every rotation', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    const names = Object.keys(forms).filter((name) => isLive(state) || !forms[name]?.onlyLive);
    const set = new FormSet(dir.path, receiver, names);
    set.each(({ create: make }, folder) => {
      mkdirSync(folder);
      make(folder);
    });
    await reach(set);
    const found = Object.fromEntries(
      names.map((name) => [name, outcome(set.records(name), forms[name]?.destroys)]),
    );
    // if it was killed between the answer and the checkpoint, the first batch is sent again
    const again = state === 'killed' && found['no rotation']?.twice === half / 2 ? half / 2 : 0;
    const expected = names.map((name) => [name, { ...perfect, twice: forms[name]?.destroys ? 0 : again }]);
    expect(found).toEqual(Object.fromEntries(expected));
  });
});

/** Lines destroyed before anybody could read them do not count as lost. */
function outcome(records: readonly ReceivedRecord[], destroys = false) {
  return account(records, destroys ? half : 0, all);
}
