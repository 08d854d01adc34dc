import type { Logger } from '@pod-patterns/kit';
import { EventFollower } from './frame/multiline.ts';
import type { ShipperConfig } from './options.ts';
import type { Way } from './pump/way.ts';
import { FieldEditor } from './record/field-editor.ts';
import { type LineEditor, RegexEditor } from './record/line-editor.ts';
import type { RecordOptions } from './record/record-writer.ts';
import { credentialRedactions } from './record/redaction.ts';
import { UnreadTimes } from './record/unread-times.ts';
import type { FileSettings, Settings } from './settings/file-settings.ts';
import type { SinkTarget } from './sinks/kind.ts';
import type { Metrics } from './status/metrics.ts';

export interface WaysOptions {
  readonly config: ShipperConfig;
  readonly settings: Settings;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
}

/** For each sink, how a file's lines become records; undefined if they do not go there. */
export function waysTo(options: WaysOptions): (target: SinkTarget) => (file: string) => Way | undefined {
  const unreadTimes = new UnreadTimes(options.log);
  return (target) => {
    const ways = new WeakMap<FileSettings, Way>();
    return (file) => {
      const settings = options.settings.of(file);
      if (settings.sinks?.includes(target.name) === false) return undefined;
      const way = ways.get(settings) ?? wayBy(settings, target, { ...options, unreadTimes });
      ways.set(settings, way);
      return way;
    };
  };
}

/** Builds the way from lines to records of a sink, with these settings. */
export function wayBy(
  settings: FileSettings,
  target: Pick<SinkTarget, 'writer'>,
  options: Omit<WaysOptions, 'settings' | 'log'> & { readonly unreadTimes: Pick<UnreadTimes, 'note'> },
): Way {
  return {
    editor: editorOf(settings, options),
    writer: target.writer(recordOptionsOf(settings, options)),
    follower: settings.multiline && new EventFollower(settings.multiline),
    rateLimit: settings.rateLimit,
  };
}

function editorOf(
  { parse }: FileSettings,
  { config, metrics, now }: Pick<WaysOptions, 'config' | 'metrics' | 'now'>,
): LineEditor {
  const before = new RegexEditor({
    ...{ include: config.include, exclude: config.exclude },
    redactions: [...(config.redactCredentials ? credentialRedactions : []), ...config.redact],
    onFiltered: () => metrics.filteredLines.inc(),
    onRedacted: (pattern) => metrics.redactedLines.inc({ pattern }),
    now,
  });
  if (parse.fields === undefined) return before;
  return new FieldEditor({
    ...{ before, read: parse.fields },
    onNoFields: (reason) => metrics.errors.inc({ reason }),
  });
}

function recordOptionsOf(
  { labels, parse, timeZone, timeFormat }: FileSettings,
  { config, metrics, unreadTimes }: Parameters<typeof wayBy>[2],
): RecordOptions {
  return {
    ...{ labels, pod: podOf(config), parse: parse.objects, timeZone, timeFormat },
    onNotJson: () => metrics.errors.inc({ reason: 'not_json' }),
    now: Date.now,
    onUnreadTime: (time) => {
      metrics.unreadTimes.inc();
      unreadTimes.note(time);
    },
  };
}

function podOf(config: ShipperConfig): Record<string, string> {
  const pod = {
    name: config.podName,
    namespace: config.podNamespace,
    node: config.nodeName,
    uid: config.podUid,
  };
  const known = Object.entries(pod).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(known);
}
