import { resolve } from 'node:path';
import { describeError, systemCode } from '@pod-patterns/kit';
import { writtenFiles } from '../check.ts';
import type { ShipperConfig } from '../options.ts';
import { settingsOf } from '../settings/settings-of.ts';
import { isCompressed } from '../tail/content.ts';
import { encodingOf } from '../tail/encoding.ts';
import { Fence } from '../tail/fence.ts';
import { globsOf, matchesGlobs } from '../tail/glob.ts';
import { Handles, type Opened } from '../tail/handles.ts';
import { lookUp } from './known.ts';
import { sampleBytes, sampleOf } from './sample.ts';
import { describeSettings } from './settings.ts';

/** A line of the report. */
type Line = readonly [about: string, text: string];

/** Explains what the shipper would do with a file. `nowMs` is the time since 1970. */
export async function explain(path: string, config: ShipperConfig, nowMs: number): Promise<string> {
  const full = resolve(path);
  const lines = await linesOf(full, config, nowMs);
  const width = Math.max(...lines.map(([about]) => about.length));
  return `${full}\n${lines.map(([about, text]) => `  ${about.padEnd(width)}  ${text}\n`).join('')}`;
}

async function linesOf(path: string, config: ShipperConfig, nowMs: number): Promise<Line[]> {
  const globs = globsOf(config.paths);
  const found = globs.filter((glob) => matchesGlobs([glob], path)).map(({ source }) => source);
  const excluded = globsOf(config.excludePaths).filter((glob) => matchesGlobs([glob], path));
  const lines: Line[] = [
    ['paths', found.length > 0 ? `matched by ${found.join(', ')}` : 'matched by no pattern'],
  ];
  for (const { source } of excluded) lines.push(['paths', `excluded by --exclude-paths ${source}`]);
  const fence = await Fence.around(globs, {
    followLinks: config.followLinks,
    own: writtenFiles(config).map((file) => file.path),
  });
  const handles = new Handles({ fence, most: 8, onScarce: () => undefined });
  let opened: Opened;
  try {
    opened = await handles.open(path, path);
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT';
    lines.push(['file', isMissing ? 'does not exist' : describeError(error)]);
    const isWanted = isMissing && found.length > 0 && excluded.length === 0;
    lines.push(['result', isWanted ? 'will be read from its first byte once it exists' : 'not read']);
    return lines;
  }
  try {
    lines.push(
      ...(await linesOfFile(path, opened, {
        config,
        nowMs,
        isFound: found.length > 0 && excluded.length === 0,
      })),
    );
  } finally {
    await opened.source.close();
  }
  return lines;
}

async function linesOfFile(
  path: string,
  opened: Opened,
  { config, nowMs, isFound }: { config: ShipperConfig; nowMs: number; isFound: boolean },
): Promise<Line[]> {
  const { facts, head, source } = opened;
  const ageMs = nowMs - facts.modifiedUs / 1000;
  const sinks = config.sink.map(({ name }) => name);
  const known = await lookUp(opened, { stateDir: config.stateDir, sinks });
  const file = known.is === 'known' ? known.entry.file : path;
  const settings = settingsOf(config);
  const own = settings.of(file);
  const written = `${facts.size} bytes, last written ${Math.max(0, Math.round(ageMs / 1000))} s ago`;
  const lines: Line[] = [['file', `${written}, ${encodingOf(own.encoding, head)}`]];
  if (isCompressed(head)) return [...lines, ['result', 'ignored: compressed']];
  lines.push(['settings', describeSettings(own, settings.ruleOf(file))]);
  const sample = await sampleOf(await source.range(0, Math.min(sampleBytes, facts.size)), {
    ...{ file, settings: own, config },
  });
  if (sample.records[0] !== undefined) lines.push(['first record', sample.records[0].slice(0, 500)]);
  for (const count of sample.counts) lines.push(['first lines', count]);
  if (known.is === 'known') {
    if (file !== path) lines.push(['checkpoint', `shipped as ${file}`]);
    for (const sink of own.sinks ?? sinks) {
      const offset = known.entry.positions.get(sink)?.offset ?? 0;
      lines.push(['checkpoint', `${sink} has ${offset} of ${facts.size} bytes`]);
    }
    return [...lines, ['result', 'read from there on']];
  }
  lines.push(['checkpoint', checkpointText[known.is]]);
  if (!isFound) return [...lines, ['result', 'not read']];
  return [...lines, ['result', beginning(config, known.is, ageMs)]];
}

const checkpointText = {
  unknown: 'no entry for this file',
  unreadable: 'unreadable',
  'other content': 'entry does not match the content of this file',
} as const;

function beginning(config: ShipperConfig, known: keyof typeof checkpointText, ageMs: number): string {
  if (config.ignoreOlder !== undefined && ageMs > config.ignoreOlder) {
    return 'skipped by --ignore-older until it is written to';
  }
  if (config.start === 'end' && known === 'unknown') return 'read from its end (--start end)';
  return 'read from its first byte';
}
