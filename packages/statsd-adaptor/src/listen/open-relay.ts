import { FaultLog, type ServiceContext } from '@pod-patterns/kit';
import type { program } from '../options.ts';
import { Relay } from './relay.ts';

/**
 * Opens the relay, if one is configured.
 * @throws CodedError `relay-target`
 */
export async function openRelay({
  config,
  log,
  resources,
}: ServiceContext<typeof program.options>): Promise<Relay | undefined> {
  const { relayAddress: target, relayPacketLength: packetBytes } = config;
  if (target === undefined) return undefined;
  return resources.use(await Relay.open({ target, packetBytes, faults: new FaultLog(log, 'relay') }));
}
