import { quote } from '@pod-patterns/kit';
import type { LoadedMapping } from './map/mapping-file.ts';
import type { Config } from './options.ts';

/** What options alone cannot tell: whether there is anything to listen on, and what is in the mapping file. */
export function findFaults(config: Config, loaded: LoadedMapping): string[] {
  return [...listenerFaults(config), ...mappingFaults(config, loaded)];
}

function listenerFaults({ listenUdp, listenTcp }: Config): string[] {
  if (listenUdp !== null || listenTcp !== null) return [];
  return ['--statsd.listen-udp, --statsd.listen-tcp: expected an address for at least one of them'];
}

function mappingFaults({ mappingConfig = '' }: Config, loaded: LoadedMapping): string[] {
  if (loaded.ok) return [];
  return loaded.faults.map((fault) => `--statsd.mapping-config ${quote(mappingConfig)}: ${fault}`);
}
