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

/** Values computed at each scrape. */
export interface Gauges {
  readonly lagBytes: () => number;
  readonly lagSeconds: () => number;
  readonly files: () => Readonly<Record<string, number>>;
}

/** The metrics of the shipper, besides those of every container. */
export function createMetrics(registry: Registry, gauges: Gauges): Metrics {
  const registers = [registry];
  createGauges(registers, gauges);
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `log_shipper_${name}_total`, help, labelNames, registers });
  return {
    records: counter('records', 'Records acknowledged by a sink.', 'sink'),
    bytes: counter('bytes', 'Bytes of log files acknowledged by sinks.'),
    retries: counter('retries', 'Failed delivery attempts that are retried.', 'sink', 'reason'),
    errors: counter(
      'errors',
      'Failed deliveries, reads and writes, refused records, and lines that do not match --parse.',
      'sink',
      'reason',
    ),
    deadLetters: counter('dead_letters', 'Records refused by a sink for good.', 'reason'),
    duplicatesPossible: counter(
      'duplicates_possible',
      'Records sent again although an earlier attempt may have arrived.',
    ),
    skippedBytes: counter(
      'skipped_bytes',
      'NUL bytes skipped at the start of a truncated file whose writer does not append.',
    ),
    filteredLines: counter('filtered_lines', 'Lines dropped by --include and --exclude.'),
    redactedLines: counter(
      'redacted_lines',
      'Lines in which a redaction matched; too-slow: lines whose rest was replaced without a search.',
      'pattern',
    ),
    unreadTimes: counter(
      'unread_times',
      'Lines whose time has an unknown format; their records get the time at which they were read.',
    ),
    deliverySeconds: new Histogram({
      name: 'log_shipper_delivery_seconds',
      help: 'Time from writing the oldest line of a batch to its acknowledgement, in seconds.',
      labelNames: ['sink'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}

function createGauges(registers: Registry[], { lagBytes, lagSeconds, files }: Gauges): void {
  const bytes = 'Unacknowledged bytes of all files, each file counted for its slowest sink.';
  const seconds = 'Age of the oldest unacknowledged byte, in seconds.';
  gauge(registers, { name: 'lag_bytes', help: bytes }, lagBytes);
  gauge(registers, { name: 'lag_seconds', help: seconds }, lagSeconds);
  new Gauge({
    name: 'log_shipper_files',
    help: 'Known files by state.',
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
