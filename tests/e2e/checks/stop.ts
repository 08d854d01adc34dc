import { once } from 'node:events';
import type { AppCheck } from '../check.ts';
import { type ContainerStatus, containersOf, type Pod, podOf } from '../pods.ts';
import { isRecord } from '../shipped.ts';
import { endsOf, expectOrder } from '../timeline.ts';

const order = ['web', 'pod-page', 'redis-ambassador', 'statsd-adaptor', 'log-shipper'];

/** web ends first, then the helpers, the shipper last: it ships web's last line. None is killed. */
export const stop: AppCheck = {
  title: 'stop order, and the last line',
  async see({ kubectl, shipped }) {
    const { name } = (await podOf(kubectl, 'web')).metadata;
    const watching = kubectl.start('get', 'pod', name, '--watch', '--output=jsonpath={.status}{"\\n"}');
    let output = '';
    watching.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const since = performance.now();
    await kubectl.run('delete', 'pod', name);
    const seconds = (performance.now() - since) / 1000;
    watching.kill();
    await once(watching, 'close');
    // a line for each change; the last one has all of them
    const last: Pod['status'] = JSON.parse(output.trim().split('\n').at(-1) ?? '');
    const containers = containersOf({ status: last }).filter((container) => container.name !== 'wait-for');
    expectOrder(endsOf(containers), order);
    const killed = containers.filter(({ state }) => state.terminated?.exitCode !== 0).map(describe);
    if (killed.length > 0) throw new Error(`not all ended by themselves: ${killed.join(', ')}`);
    // the last line that web writes to app.log
    const records = shipped.of(name).split('\n');
    if (!records.some((line) => isRecord(line) && line.includes('"msg":"stopping"'))) {
      throw new Error(`web's last line was not shipped: ${records.slice(-3).join('\n')}`);
    }
    return `${order.join(', ')}; all exit 0, gone in ${seconds.toFixed(1)} s, web's last line shipped`;
  },
};

function describe({ name, state }: ContainerStatus): string {
  return `${name} ${state.terminated?.exitCode}`;
}
