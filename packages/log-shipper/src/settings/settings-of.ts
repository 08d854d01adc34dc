import type { ShipperConfig } from '../options.ts';
import { Settings } from './file-settings.ts';
import { readRules } from './read-rules.ts';

/** The settings of all files, from the options and the file of `--config`. */
export function settingsOf(config: ShipperConfig): Settings {
  const { encoding, parse, timeZone, timeFormat, multiline, rateLimit } = config;
  const { rules } = readRules(
    config.config,
    config.sink.map(({ name }) => name),
  );
  const labels = Object.fromEntries(config.label);
  return new Settings(
    { encoding, parse, timeZone, timeFormat, multiline, rateLimit, labels, sinks: undefined },
    rules,
  );
}
