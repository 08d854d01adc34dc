import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Metrics {
  readonly records: Counter<'sink'>;
  readonly bytes: Counter;
  readonly retries: Counter<'sink' | 'reason'>;
  readonly errors: Counter<'sink' | 'reason'>;
  readonly deadLetters: Counter<'reason'>;
  readonly duplicatesPossible: Counter;
  readonly skippedBytes: Counter;
  readonly filteredLines: Counter;
  readonly redactedLines: Counter<'pattern'>;
  readonly unreadTimes: Counter;
  readonly deliverySeconds: Histogram<'sink'>;
}

/** Values that are read at a scrape. */
export interface Gauges {
  readonly lagBytes: () => number;
  readonly lagSeconds: () => number;
  readonly files: () => Readonly<Record<string, number>>;
}

/** The metrics of the shipper, beside those of every container. */
export function createMetrics(registry: Registry, gauges: Gauges): Metrics {
  const registers = [registry];
  createGauges(registers, gauges);
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `log_shipper_${name}_total`, help, labelNames, registers });
  return {
    records: counter('records', 'Records that a sink has acknowledged.', 'sink'),
    bytes: counter('bytes', 'Bytes of the files that sinks have acknowledged.'),
    retries: counter('retries', 'Attempts that are made again.', 'sink', 'reason'),
    errors: counter('errors', 'Attempts, reads and writes that failed.', 'sink', 'reason'),
    deadLetters: counter('dead_letters', 'Records that a sink will never take.', 'reason'),
    duplicatesPossible: counter(
      'duplicates_possible',
      'Records sent again after an attempt of which nobody knows whether it arrived.',
    ),
    skippedBytes: counter(
      'skipped_bytes',
      'NULs at the start of a truncated file, left by a writer that does not append.',
    ),
    filteredLines: counter('filtered_lines', 'Lines that --include and --exclude left out.'),
    redactedLines: counter(
      'redacted_lines',
      'Lines with a match of a redaction; too-slow: lines whose rest was hidden unsearched.',
      'pattern',
    ),
    unreadTimes: counter(
      'unread_times',
      'Lines with a time that cannot be read; their records have the time at which they were read.',
    ),
    deliverySeconds: new Histogram({
      name: 'log_shipper_delivery_seconds',
      help: 'Time from the write of the oldest line of a batch to its acknowledgement.',
      labelNames: ['sink'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}

function createGauges(registers: Registry[], { lagBytes, lagSeconds, files }: Gauges): void {
  const bytes = 'Bytes of the files that the sink furthest behind has not acknowledged.';
  const seconds = 'Age of the oldest byte that a sink has not acknowledged.';
  gauge(registers, { name: 'lag_bytes', help: bytes }, lagBytes);
  gauge(registers, { name: 'lag_seconds', help: seconds }, lagSeconds);
  new Gauge({
    name: 'log_shipper_files',
    help: 'Files that are known, by what became of them.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(files())) this.set({ state }, count);
    },
  });
}

function gauge(registers: Registry[], text: { name: string; help: string }, read: () => number): void {
  new Gauge({
    name: `log_shipper_${text.name}`,
    help: text.help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
