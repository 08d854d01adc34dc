import type { IContainer } from '../../types/kubernetes.ts';
import { type Hint, hintOfImage, hintOfName, imagePath } from './images.ts';

/** What a container by itself says of its role, and in which words. */
export interface Evidence {
  readonly hint: Hint | undefined;
  readonly why: readonly string[];
}

const datastorePrograms =
  /\b(postgres|mysqld|mariadbd|mongod|mongos|redis-server|valkey-server|memcached|etcd|rabbitmq-server|docker-entrypoint)\b/;
const datastoreClients =
  /\b(psql|pg_dump(all)?|pg_restore|pg_isready|pg_basebackup|mysql|mysqldump|mariadb|mariadb-dump|mongosh?|mongodump|mongorestore|redis-cli|valkey-cli|etcdctl|aws|gsutil|sleep)\b/;
const datastorePorts = new Set([1433, 1521, 2379, 3306, 5432, 5672, 6379, 9042, 9092, 9200, 11211, 27017]);

/** The strongest of command, image, name and port. `workload` is the name of the object. */
export function evidence(container: IContainer, workload: string): Evidence {
  const { name, image = '' } = container;
  const command = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  if (followsFile(command)) {
    return {
      hint: { kind: 'sidecar', what: 'follows a file' },
      why: ['its command follows a file with tail'],
    };
  }
  const ofImage = hintOfImage(image);
  if (ofImage?.kind === 'datastore' && container.command !== undefined) {
    // a client that was taken from the server's image
    if (datastoreClients.test(command) && !datastorePrograms.test(command)) {
      return {
        hint: { kind: 'tool', what: 'a client' },
        why: [`its command uses the client of ${imagePath(image)}`],
      };
    }
  }
  // the workload bears the name of its app, whatever the name says
  const ofName = name === workload || workload.startsWith(`${name}-`) ? undefined : hintOfName(name);
  if (ofImage !== undefined && !isVague(ofImage)) {
    return { hint: ofImage, why: [`image ${imagePath(image)}: ${ofImage.what}`, ...portReasons(container)] };
  }
  if (ofImage?.kind === 'web-server' && ofName?.kind === 'ambassador') {
    return {
      hint: ofName,
      why: [`the name ${name} ${ofName.what}`, `image ${imagePath(image)}: a web server`],
    };
  }
  if (ofImage !== undefined && (ofName === undefined || ofName.kind === 'datastore')) {
    return { hint: ofImage, why: [`image ${imagePath(image)}: ${ofImage.what}`] };
  }
  if (ofName !== undefined)
    return { hint: ofName, why: [`the name ${name} ${ofName.what}`, ...portReasons(container)] };
  return byPort(container);
}

/** A web server may be app or proxy, a bare system anything: a name says more. */
export function isVague({ kind }: Hint): boolean {
  return kind === 'web-server' || kind === 'tool' || kind === 'runtime';
}

function byPort(container: IContainer): Evidence {
  const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
  if (ports.includes(8125))
    return { hint: { kind: 'adaptor', what: 'takes StatsD' }, why: ['listens on 8125, the port of StatsD'] };
  const stored = ports.find((port) => datastorePorts.has(port));
  const keeps = (container.volumeMounts ?? []).some(({ mountPath }) =>
    /^\/(var\/lib|data|bitnami)/.test(mountPath),
  );
  if (stored !== undefined && keeps) {
    return {
      hint: { kind: 'datastore', what: 'keeps data' },
      why: [...portReasons(container), 'keeps its data on a volume'],
    };
  }
  return { hint: undefined, why: [] };
}

function portReasons({ ports = [] }: IContainer): string[] {
  return ports
    .filter(({ containerPort }) => containerPort > 0)
    .map(({ containerPort }) => `listens on ${containerPort}`)
    .slice(0, 2);
}

/** Whether `tail` has an `f` or `F` among its options. */
function followsFile(command: string): boolean {
  const words = command.split(/\s+/);
  let isOption = false;
  for (const word of words) {
    const isTail = /\btail$/.test(word);
    if (isOption && /^-.*f/i.test(word)) return true;
    isOption = isTail || (isOption && word.length > 1 && word.startsWith('-'));
  }
  return false;
}
