import { describe, expect, it } from 'vitest';
import { expectHelped } from './checks/helpers.ts';
import type { ContainerStatus } from './pods.ts';

const names = ['wait-for', 'log-shipper', 'statsd-adaptor', 'redis-ambassador', 'work'];
const at = (second: number) => `2026-01-31T12:00:0${second}Z`;

function statusOf(
  states: Readonly<Record<string, Partial<ContainerStatus>>>,
  isRunning: (name: string) => boolean,
): { status: { containerStatuses: ContainerStatus[] } } {
  const containerStatuses = names.map((name, second): ContainerStatus => {
    const startedAt = at(second);
    const state = isRunning(name)
      ? { running: { startedAt } }
      : { terminated: { startedAt, finishedAt: at(9), exitCode: 0 } };
    return { name, restartCount: 0, state, ...states[name] };
  });
  return { status: { containerStatuses } };
}

const service = (states: Readonly<Record<string, Partial<ContainerStatus>>> = {}) =>
  statusOf(states, (name) => name !== 'wait-for');
const job = (states: Readonly<Record<string, Partial<ContainerStatus>>> = {}) =>
  statusOf(states, () => false);
const workload = { name: 'ledger', own: ['work'], records: 100 };
const failed = { terminated: { startedAt: at(3), finishedAt: at(9), exitCode: 137 } };

it('accepts a pod whose helpers started in order and run, and a Job whose containers have all ended', () => {
  expectHelped(service(), { ...workload, ends: false });
  expectHelped(job(), { ...workload, ends: true });
});

describe('says what is wrong', () => {
  it.each([
    [
      'a restart',
      service({ 'log-shipper': { restartCount: 1 } }),
      false,
      'log-shipper was restarted 1 times',
    ],
    ['a helper that ended', service({ 'redis-ambassador': { state: failed } }), false, 'ended with 137'],
    [
      'a Job in which a helper failed',
      job({ 'redis-ambassador': { state: failed } }),
      true,
      'ended with 137',
    ],
    ['a Job in which something runs', service(), true, 'log-shipper runs'],
    [
      'another order',
      service({ work: { state: { running: { startedAt: at(0) } } } }),
      false,
      'expected wait-for, log-shipper, statsd-adaptor, redis-ambassador, work, but it was',
    ],
    ['a container that did not start', service({ work: { state: {} } }), false, 'but it was'],
  ])('%s', (_, pod, ends, message) => {
    expect(() => expectHelped(pod, { ...workload, ends })).toThrow(message);
  });
});
