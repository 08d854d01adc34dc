import { quote } from '@pod-patterns/kit';
import { explain } from './explain.ts';
import { adaptorMetrics } from './expose/adaptor-metrics.ts';
import { upstreamMetrics } from './expose/upstream-metrics.ts';
import { loadWebConfig } from './expose/web-config.ts';
import { convertMapping } from './map/convert-mapping.ts';
import { type LoadedRules, type LoadedText, loadMapping, loadText } from './map/mapping-file.ts';
import { emptyMapping } from './map/read-mapping.ts';
import { type Config, dialectsOf } from './options.ts';

/** Checks beyond single options: whether there is an address to listen on, and the contents of named files. */
export class StartupChecks {
  #loaded: LoadedRules = { mapping: emptyMapping, sha256: undefined };
  #answer: string | undefined;

  /** The mapping file's rules, read once, by the check before anything starts. */
  get loaded(): LoadedRules {
    return this.#loaded;
  }

  /** The text to print instead of running, if the options ask for one. */
  readonly answer = (): string | undefined => this.#answer;

  readonly findFaults = (config: Config): string[] => {
    const { convertMapping: file, mappingConfig } = config;
    if (file !== undefined) return this.#take('convert-mapping', file, convertFile(file));
    const loaded = loadMapping(mappingConfig);
    if (loaded.ok) this.#loaded = loaded;
    this.#answer = config.explain === undefined ? undefined : this.#explain(config.explain, config);
    const mappingFaults = loaded.ok ? [] : ofOption('statsd.mapping-config', mappingConfig, loaded.faults);
    return [
      ...listenerFaults(config),
      ...lingerFaults(config),
      ...pathFaults(config),
      ...webFaults(config),
      ...mappingFaults,
    ];
  };

  #explain(line: string, config: Config): string {
    const reserved = [...upstreamMetrics, ...adaptorMetrics].map(({ name }) => name);
    return explain(line, { dialects: dialectsOf(config), mapping: this.#loaded.mapping, reserved });
  }

  /** Keeps an answer; returns the faults if there is none. */
  #take(option: string, value: string, answer: LoadedText): string[] {
    if (!answer.ok) return ofOption(option, value, answer.faults);
    this.#answer = answer.text;
    return [];
  }
}

function convertFile(file: string): LoadedText {
  const loaded = loadText(file);
  return loaded.ok ? convertMapping(loaded.text) : loaded;
}

function listenerFaults({ listenUdp, listenTcp, listenUnixgram, listenUnixstream }: Config): string[] {
  if ([listenUdp, listenTcp, listenUnixgram, listenUnixstream].some((where) => where !== null)) return [];
  const flags = ['udp', 'tcp', 'unixgram', 'unixstream'].map((kind) => `--statsd.listen-${kind}`);
  return [`${flags.join(', ')}: expected at least one address`];
}

function lingerFaults({ linger, shutdownTimeout }: Config): string[] {
  if (linger === 0 || linger < shutdownTimeout) return [];
  return [
    `--linger: expected less than --shutdown-timeout (${shutdownTimeout} ms), which limits the whole shutdown`,
  ];
}

function pathFaults({ telemetryPath, ownMetricsPath }: Config): string[] {
  if (ownMetricsPath !== telemetryPath) return [];
  return ['--web.own-metrics-path: expected a path other than --web.telemetry-path'];
}

function webFaults({ webConfigFile: file }: Config): string[] {
  const loaded = file === '' ? undefined : loadWebConfig(file);
  return loaded === undefined || loaded.ok ? [] : ofOption('web.config.file', file, loaded.faults);
}

function ofOption(option: string, value = '', faults: readonly string[]): string[] {
  return faults.map((fault) => `--${option} ${quote(value)}: ${fault}`);
}
