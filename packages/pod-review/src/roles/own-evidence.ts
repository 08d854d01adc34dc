import { clientOf, followsFile, isIdle, isServer, subcommandOf } from './commands.ts';
import type { Facts } from './facts.ts';
import { type Found, programOfName } from './programs/find-program.ts';
import type { Program } from './programs/program.ts';
import type { Evidence, Spoken } from './role.ts';
import { weights } from './weigh.ts';
import { signsOfName, type WordSign } from './words.ts';

/** Usual role of a program; undefined if it depends on its arguments. */
const roleOf: Readonly<Record<Program['kind'], Spoken | undefined>> = {
  datastore: 'datastore',
  proxy: 'ambassador',
  adaptor: 'adaptor',
  sidecar: 'sidecar',
  app: 'app',
  'web-server': 'app',
  runtime: 'app',
  tool: undefined,
};

/** Evidence for a container's role without its neighbours. `workload` is the name of its object. */
export function ownEvidence(facts: Facts, workload: string): Evidence[] {
  if (isIdle(facts)) return [];
  return [...ofCommand(facts), ...ofImage(facts), ...ofName(facts, workload), ...ofPorts(facts)];
}

function* ofImage(facts: Facts): Iterable<Evidence> {
  const { found, image } = facts;
  if (clientOf(facts) !== undefined) return;
  if (found !== undefined) {
    const role = roleOf[found.program.kind];
    const weight = weightOf(found);
    const says = `image ${image}: ${found.program.what}`;
    if (role !== undefined && weight > 0) yield { role, weight, source: 'image', says };
    if (found.match !== 'start') return;
  }
  const base = image.slice(image.lastIndexOf('/') + 1);
  for (const sign of signsOfName(base)) {
    const weight = wordWeight(sign, weights.imageWord);
    yield { role: sign.role, weight, source: 'image', says: `the word ${sign.word} in image ${image}` };
  }
}

function weightOf({ program, match }: Found): number {
  if (program.kind === 'app') return weights.application[match];
  if (program.kind === 'datastore') return weights.datastore[match];
  return isBase(program) ? weights.base : weights.image[match];
}

/** A controller may stand beside its subject or alone; a name with a database in it may mean a client. */
function wordWeight(
  { role, isHead, isController }: WordSign,
  of: { readonly head: number; readonly other: number },
): number {
  if (isController) return weights.controllerWord;
  if (isHead) return of.head;
  return role === 'datastore' ? weights.storeWithin : of.other;
}

function* ofCommand(facts: Facts): Iterable<Evidence> {
  const { runs, image, found } = facts;
  if (followsFile(facts.words)) {
    yield {
      role: 'sidecar',
      weight: weights.command,
      source: 'command',
      says: 'its command follows a file with tail',
    };
  }
  const client = clientOf(facts);
  if (client !== undefined) {
    yield {
      role: 'sidecar',
      weight: weights.client,
      source: 'command',
      says: `its command runs ${client}, not the server of ${image}`,
    };
  }
  const [server] = runs;
  if (server !== undefined && runs.length === 1 && isServer(server) && found?.program.kind !== 'datastore') {
    yield {
      role: 'datastore',
      weight: weights.command,
      source: 'command',
      says: `its command runs ${server}`,
    };
  }
  const subcommand = subcommandOf(facts);
  if (subcommand !== undefined) {
    const { role, word } = subcommand;
    yield { role, weight: weights.subcommand, source: 'command', says: `its command is ${word}` };
  }
}

function* ofName({ container: { name }, found: ofImage }: Facts, workload: string): Iterable<Evidence> {
  const found = programOfName(name);
  const isSure = ofImage?.match === 'whole' && !isBase(ofImage.program);
  const sure = isSure ? roleOf[ofImage.program.kind] : undefined;
  const known = found === undefined ? undefined : roleOf[found.program.kind];
  const isNamesake = name === workload || workload.startsWith(`${name}-`);
  const signs: Omit<Evidence, 'source'>[] = signsOfName(name).map((sign) => ({
    role: sign.role,
    weight: wordWeight(sign, weights.name),
    says: `the word ${sign.word} in its name`,
  }));
  if (found !== undefined && known !== undefined && found.match !== 'start' && !isBase(found.program)) {
    const weight = found.match === 'whole' ? weights.name.whole : weights.name.head;
    signs.unshift({ role: known, weight, says: `the name ${name}: ${found.program.what}` });
  }
  const best = new Map<Spoken, (typeof signs)[number]>();
  for (const sign of signs) {
    if (sign.weight > (best.get(sign.role)?.weight ?? 0)) best.set(sign.role, sign);
  }
  for (const sign of best.values()) {
    // the workload is named after its main container, whatever the name says else
    const isNews = sign.role !== sure && (!isNamesake || sign.role === 'datastore');
    // nor does it say more than an image that says the same
    if (isNews) yield { ...sign, source: 'name' };
  }
}

const isBase = ({ kind }: Program) => kind === 'web-server' || kind === 'runtime' || kind === 'tool';

/** Ports of datastores and brokers. */
const storePorts = new Set([1433, 1521, 2379, 3306, 5432, 5672, 6379, 9042, 9092, 9200, 11211, 27017]);

function* ofPorts({ container, ports }: Facts): Iterable<Evidence> {
  if (ports.has(8125)) {
    yield {
      role: 'adaptor',
      weight: weights.protocolPort,
      source: 'ports',
      says: 'listens on 8125, the port of StatsD',
    };
  }
  const keeps = container.spec.volumeMounts?.some(({ mountPath }) =>
    /^\/(?:var\/lib|data|bitnami)/.test(mountPath),
  );
  const stored = [...ports].find((port) => storePorts.has(port));
  if (stored !== undefined && keeps === true) {
    yield {
      role: 'datastore',
      weight: weights.storesAtPort,
      source: 'ports',
      says: `listens on ${stored} and keeps its data on a volume`,
    };
  }
}
