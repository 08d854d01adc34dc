import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, report } from '../report.ts';

/**
 * Measures pod-review for one manifest and for a thousand, from the start of the process to its end, beside a script
 * that only parses the same files and checks their types with kubernetes-models.
 */
const root = join(import.meta.dirname, '../..');
const bundle = join(root, 'packages/pod-review/dist/pod-review.js');
const peer = join(import.meta.dirname, 'peer.ts');
const rounds = 5;

interface Run {
  readonly ms: number;
  readonly peakRssMiB: number;
}

async function time(args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn('/usr/bin/env', ['time', '-f', '%M', process.execPath, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  // the last line is the output of `time`: the largest resident set in KiB
  return { ms: performance.now() - started, peakRssMiB: Number(stderr.trim().split('\n').at(-1)) / 1024 };
}

async function measure(name: string, args: readonly string[], manifests: number) {
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await time(args));
  const ms = median(runs.map((run) => run.ms));
  return {
    case: name,
    manifests,
    ms: Math.round(ms),
    perManifestMs: Number((ms / manifests).toFixed(2)),
    peakRssMiB: Math.round(median(runs.map((run) => run.peakRssMiB))),
  };
}

/** A Deployment with five containers and its Service, modelled on the app of this repository. */
function manifest(index: number): string {
  const template = readFileSync(join(import.meta.dirname, 'manifest.yaml'), 'utf8');
  return template.replaceAll('NAME', `shop-${index}`);
}

const folder = mkdtempSync(join(tmpdir(), 'pod-review-bench-'));
try {
  for (const count of [1, 1000]) {
    mkdirSync(join(folder, String(count)));
    for (let index = 0; index < count; index++)
      writeFileSync(join(folder, String(count), `${index}.yaml`), manifest(index));
  }
  const rows = [];
  for (const count of [1, 1000]) {
    const ours = await measure('pod-review', [bundle, join(folder, String(count))], count);
    const theirs = await measure('yaml + kubernetes-models', [peer, join(folder, String(count))], count);
    rows.push({ ...ours, ratio: Number((theirs.ms / ours.ms).toFixed(2)) }, { ...theirs, ratio: 1 });
  }
  report('pod-review', rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
