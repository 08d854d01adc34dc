import { complain, exitCode, parseOptions, quote } from '@pod-patterns/kit';
import type { Mapping } from './map/mapper.ts';
import { loadMapping } from './map/mapping-file.ts';
import { emptyMapping } from './map/read-mapping.ts';
import { type Config, program } from './options.ts';

/**
 * What options alone cannot tell, so also for `--check-config`: whether there is anything to listen on, and
 * what is in the mapping file. Tells all faults and ends with 2; options that are wrong in themselves are
 * left to `runService`.
 */
export function checkedMapping(): Mapping {
  const parsed = parseOptions(program, { argv: process.argv.slice(2), env: process.env });
  const isAsked = parsed.request === undefined || parsed.request === 'check-config';
  if (!parsed.ok || !isAsked) return emptyMapping;
  const loaded = loadMapping(parsed.config.mappingConfig);
  const faults = [
    ...listenerFaults(parsed.config),
    ...(loaded.ok ? [] : fileFaults(parsed.config, loaded.faults)),
  ];
  return loaded.ok && faults.length === 0 ? loaded.mapping : complain(exitCode.usage, faults, program);
}

function listenerFaults({ listenUdp, listenTcp }: Config): string[] {
  if (listenUdp !== null || listenTcp !== null) return [];
  return ['--statsd.listen-udp, --statsd.listen-tcp: expected an address for at least one of them'];
}

function fileFaults({ mappingConfig = '' }: Config, faults: readonly string[]): string[] {
  return faults.map((fault) => `--statsd.mapping-config ${quote(mappingConfig)}: ${fault}`);
}
