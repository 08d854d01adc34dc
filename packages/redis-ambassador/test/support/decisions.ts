import { CommandTable } from '../../src/command/command-table.ts';
import { Request } from '../../src/command/request.ts';
import type { Action } from '../../src/decide/action.ts';
import type { LargeAction } from '../../src/decide/large.ts';
import type { ClientView, DedicatedView } from '../../src/decide/question.ts';
import { encodeRequest } from '../../src/resp/encode.ts';
import { Endpoint } from '../../src/topology/endpoint.ts';
import { standalone } from '../../src/topology/topology.ts';

const table = new CommandTable();

/** A request from a line of words. */
export function requestOf(line: string): Request {
  const words = line.split(' ');
  const name = Buffer.from(words[0] ?? '');
  const command = table.find(name, 0, name.length);
  const bytes = encodeRequest(words);
  const subcommand = command.subcommands?.get(words[1]?.toLowerCase() ?? '');
  return new Request(command, subcommand, { bytes, start: 0, end: bytes.length, readAt: 0 });
}

/** The topology of a single Redis. */
export const topology = standalone({
  endpoint: new Endpoint({
    address: { host: 'redis', port: 6379 },
    tls: undefined,
    user: undefined,
    password: undefined,
    db: 0,
  }),
});

/** A newly connected client with some changes. */
export function clientWith(change: Partial<ClientView> = {}): ClientView {
  return {
    isLoggedIn: true,
    protocol: 2,
    isAnswered: true,
    isBehind: false,
    isRedirecting: false,
    isMultiOpen: false,
    getsLargeReplies: false,
    dedicated: undefined,
    dedicatedNode: undefined,
    dedicatedRefusal: undefined,
    obstacleTo: () => undefined,
    obstacleToDb: () => undefined,
    topologyRefusal: () => undefined,
    readerOf: (primary) => primary,
    isUp: () => true,
    isDescribed: () => true,
    dedicatedOf: () => undefined,
    ...change,
  };
}

/** A clean dedicated connection with some changes. */
export function dedicatedWith(change: Partial<DedicatedView> = {}): DedicatedView {
  return {
    isInTransaction: false,
    isMonitoring: false,
    isSubscribed: false,
    isExpecting: false,
    isBlocking: false,
    subscriptions: { channel: 0, pattern: 0, shard: 0 },
    ...change,
  };
}

/** An action in a word or two; `!` means that it closes the connection. */
export function summaryOf(action: Action | LargeAction): string {
  switch (action.kind) {
    case 'wait':
      return `wait:${action.for}`;
    case 'refuse':
      return `refuse:${action.reason}${action.isLast ? '!' : ''}`;
    case 'dedicated':
      return action.effect === 'none' ? 'dedicated' : `dedicated:${action.effect}`;
    case 'cut':
      return `cut:${action.reason}`;
    default:
      return action.kind;
  }
}
