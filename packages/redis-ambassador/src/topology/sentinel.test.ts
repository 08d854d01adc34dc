import { describe, expect, it } from 'vitest';
import { ReplyError } from '../resp/value.ts';
import { choosePrimary, readAnswer, type SentinelAnswer, unknownPrimary, withAnswers } from './sentinel.ts';
import { readSource, Sentinels } from './source.ts';

function sentinels(text: string): Sentinels {
  const source = readSource(text);
  if (!(source instanceof Sentinels)) throw new Error(`not Sentinels: ${text}`);
  return source;
}

const source = sentinels('redis-sentinel://app:secret@s1,s2,s3/orders?db=4');
const at = (host: string) => ({ host, port: 6379 });

/** An answer that names this host; an empty host means an unknown name. */
function answer(host: string, epoch: number, replicas: readonly string[] = []): SentinelAnswer {
  return {
    primary: host === '' ? undefined : at(host),
    epoch,
    replicas: replicas.map((one) => ({
      address: at(one.replace('!', '')),
      fault: one.endsWith('!') ? 's_down' : undefined,
    })),
    sentinels: [],
  };
}

describe('the answers of a Sentinel', () => {
  const error = new ReplyError('ERR Unknown sentinel subcommand');
  const other = ['name', 'x', 'ip', '10.0.0.9', 'port', '26379', 'flags', 'sentinel'];

  it('give the primary, its epoch, its replicas and the other Sentinels', () => {
    const replies = {
      address: ['10.0.0.1', '6379'],
      primary: ['name', 'orders', 'config-epoch', '7'],
      replicas: [
        ['ip', 'fd00::2', 'port', '6379', 'flags', 'slave'],
        ['ip', '10.0.0.3', 'port', '6379', 'flags', 's_down,slave,disconnected'],
        ['ip', '', 'port', '0', 'flags', 'slave'],
      ],
      sentinels: [other],
    };
    expect(readAnswer(replies)).toEqual({
      primary: at('10.0.0.1'),
      epoch: 7,
      replicas: [
        { address: at('fd00::2'), fault: undefined },
        { address: at('10.0.0.3'), fault: 's_down' },
      ],
      sentinels: [{ host: '10.0.0.9', port: 26379 }],
    });
  });

  it('need only the address', () => {
    const replies = { address: ['r', '1'], primary: error, replicas: error, sentinels: error };
    expect(readAnswer(replies)).toEqual({
      primary: { host: 'r', port: 1 },
      epoch: 0,
      replicas: [],
      sentinels: [],
    });
  });

  it.each<[string, null | ReplyError | readonly string[]]>([
    ['an unknown name', null],
    ['an error', error],
    ['no address', []],
    ['no port', ['r', 'x']],
    ['port 0', ['r', '0']],
  ])('name no primary: %s', (_, address) => {
    expect(
      readAnswer({ address, primary: error, replicas: error, sentinels: error }).primary,
    ).toBeUndefined();
  });
});

describe('the chosen primary is', () => {
  it.each<[string, readonly SentinelAnswer[], string | undefined]>([
    ['none without an answer', [], undefined],
    ['none if no Sentinel knows the name', [answer('', 0), answer('', 0)], undefined],
    ['the one that all Sentinels name', [answer('a', 1), answer('a', 1)], 'a'],
    [
      'the one from the Sentinel with the latest failover',
      [answer('a', 1), answer('a', 1), answer('b', 2)],
      'b',
    ],
    ['not affected by a Sentinel that does not know the name', [answer('', 9), answer('a', 1)], 'a'],
    ['the one that most name, without any epoch', [answer('a', 0), answer('b', 0), answer('b', 0)], 'b'],
    ['the first of two with equal votes', [answer('a', 0), answer('b', 0)], 'a'],
  ])('%s', (_, answers, host) => {
    expect(choosePrimary(answers)?.primary).toEqual(host === undefined ? undefined : at(host));
  });
});

describe('the topology of a primary behind Sentinels', () => {
  const unknown = unknownPrimary(source);

  it('is unknown until one answers, and unchanged while none does', () => {
    expect(unknown).toMatchObject({ kind: 'sentinel', epoch: 0, db: 4, primary: { endpoint: undefined } });
    expect(withAnswers(unknown, source, [])).toBe(unknown);
    const known = withAnswers(unknown, source, [answer('a', 1)]);
    expect(withAnswers(known, source, [])).toBe(known);
    expect(withAnswers(known, source, [answer('', 0)])).toBe(known);
  });

  it('has the primary and its replicas, with the login of the URL', () => {
    const known = withAnswers(unknown, source, [answer('a', 1, ['c!', 'b', 'a'])]);
    expect(known.nodes.map(({ id, endpoint, role, fault }) => [id, endpoint?.toJSON(), role, fault])).toEqual(
      [
        ['primary', 'redis://app@a:6379/4', 'unknown', undefined],
        ['b:6379', 'redis://app@b:6379/4', 'slave', undefined],
        ['c:6379', 'redis://app@c:6379/4', 'slave', 's_down'],
      ],
    );
    expect(known.primary.endpoint?.password).toBe('secret');
    expect(known.epoch).toBe(1);
  });

  it('is the same value as long as nothing changes', () => {
    const known = withAnswers(unknown, source, [answer('a', 1, ['b'])]);
    expect(withAnswers(known, source, [answer('a', 2, ['b'])])).toBe(known);
  });

  it('has another primary after a failover, with an unknown role', () => {
    const known = withAnswers(unknown, source, [answer('a', 1, ['b'])]);
    const told = { ...known, primary: { ...known.primary, role: 'master' } };
    const after = withAnswers(told, source, [answer('a', 1, ['b']), answer('b', 2, ['a'])]);
    expect(after.primary).toMatchObject({ id: 'primary', endpoint: { address: at('b') }, role: 'unknown' });
    expect(after.nodes.map(({ id }) => id)).toEqual(['primary', 'a:6379']);
    expect(after.epoch).toBe(2);
  });
});
