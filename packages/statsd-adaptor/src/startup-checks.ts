import { CodedError, exitCode, quote } from '@pod-patterns/kit';
import type { Mapping } from './map/mapper.ts';
import { loadMapping } from './map/mapping-file.ts';
import type { Config } from './options.ts';

/** What options alone cannot tell: whether there is anything to listen on, and what is in the mapping file. */
export function findFaults(config: Config): string[] {
  return [...listenerFaults(config), ...mappingFaults(config)];
}

function listenerFaults({ listenUdp, listenTcp }: Config): string[] {
  if (listenUdp !== null || listenTcp !== null) return [];
  return ['--statsd.listen-udp, --statsd.listen-tcp: expected an address for at least one of them'];
}

function mappingFaults({ mappingConfig }: Config): string[] {
  const loaded = loadMapping(mappingConfig);
  return loaded.ok ? [] : loaded.faults.map((fault) => mappingFault(mappingConfig, fault));
}

/** The rules to start with. @throws CodedError when they are no longer as `findFaults` has found them */
export function mappingAtStart({ mappingConfig }: Config): Mapping {
  const loaded = loadMapping(mappingConfig);
  if (loaded.ok) return loaded.mapping;
  const message = mappingFault(mappingConfig, loaded.faults[0]);
  throw new CodedError('mapping-config', message, { exitCode: exitCode.usage });
}

function mappingFault(file = '', fault = ''): string {
  return `--statsd.mapping-config ${quote(file)}: ${fault}`;
}
