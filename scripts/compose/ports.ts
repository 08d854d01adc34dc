import { Ports } from '../pod/ports.ts';
import type { Compose } from './compose.ts';

/** Ports published on 127.0.0.1: the variable of docker-compose.yml, and the port in the pod, which is the default. */
const published = [
  ['WEB_PORT', 8080],
  ['WEB_ADMIN_PORT', 8081],
  ['LOG_SHIPPER_ADMIN_PORT', 9101],
  ['STATSD_ADAPTOR_ADMIN_PORT', 9102],
  ['REDIS_AMBASSADOR_ADMIN_PORT', 9103],
  ['POD_PAGE_PORT', 8090],
] as const;

export type PublishedPorts = Readonly<Record<(typeof published)[number][0], string>>;

/**
 * The user's port, else the running pod's, else the default or the next free one.
 * @throws if the user's port is invalid or taken
 */
export async function choosePorts(compose: Compose): Promise<PublishedPorts> {
  const ports = new Ports();
  const chosen: [variable: string, port: string][] = [];
  for (const [variable, usual] of published) {
    const running = compose.ask('compose', 'port', 'pod', String(usual)).split(':')[1];
    const port = process.env[variable] || (running ?? String(await ports.take(usual)));
    if (port !== running && process.env[variable]) {
      const free = await ports.take(Number(port)).catch(() => undefined);
      if (String(free) !== port)
        throw new Error(`${variable}=${port}: expected a port that is free on 127.0.0.1`);
    } else if (running === undefined && port !== String(usual)) {
      console.log(`port ${usual} is taken: ${variable}=${port}`);
    }
    chosen.push([variable, port]);
  }
  return Object.fromEntries(chosen) as PublishedPorts; // of all variables
}
