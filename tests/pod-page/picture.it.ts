import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { redisServer } from '@pod-patterns/kit/testing/redis';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browserProgram,
  card,
  isLive,
  launch,
  movingWires,
  open,
} from '../../packages/pod-page/test/browser.ts';
import { isRunning } from '../../scripts/pod/process-id.ts';
import { Pod } from '../pod/pod.ts';

const helpers = ['redis-ambassador', 'statsd-adaptor', 'log-shipper'] as const;

describe('the picture of a whole pod', needs(browserProgram, redisServer), () => {
  const pod = new Pod();
  let browser: Browser;

  beforeAll(async () => {
    expect(pod.up()).toMatchObject({ status: 0 });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    pod[Symbol.dispose]();
  });

  const look = async () => {
    const opened = await open(browser, pod.pageUrl);
    await isLive(opened.page);
    return opened;
  };
  const signal = (name: string, what: NodeJS.Signals) => process.kill(pod.process(name).pid, what);
  /** Starts ended containers again, like a kubelet. */
  const mend = async () => expect(await pod.run('up').ended).toMatchObject({ status: 0 });

  it('has a card for each container, and all are well', async () => {
    await using opened = await open(browser, pod.pageUrl);
    for (const name of [...helpers, 'web', 'wait-for']) await card(opened.page, name, 'up').waitFor();
    expect(opened.faults).toEqual([]);
  });

  it('moves each wire while traffic passes, and names the traffic with its unit', async () => {
    await using opened = await look();
    const { page, faults } = opened;
    const button = page.getByRole('button', { name: 'Steady traffic' });
    await button.click();
    const wires = helpers.map((name) => `web to ${name}`);
    const busy = [...wires, 'log-shipper to Log backend', 'redis-ambassador to Redis'];
    await eventually(async () => {
      const moving = await movingWires(page);
      return busy.every((wire) => moving.includes(wire));
    });
    for (const unit of ['commands/s', 'lines/s', 'records/s']) await page.getByText(unit).first().waitFor();
    await button.click();
    // web sends its requests in flight to StatsD each second
    await eventually(async () => (await movingWires(page)).join() === 'web to statsd-adaptor');
    // nothing has scraped it, and its wire says the same
    await page.locator('[data-backend="Prometheus"]').getByText('never scraped').waitFor();
    expect(faults).toEqual([]);
  });

  it.each(helpers)('shows %s killed and back', async (name) => {
    await using opened = await look();
    const { page } = opened;
    const killed = pod.process(name);
    process.kill(killed.pid, 'SIGKILL');
    await eventually(() => !isRunning(killed));
    await card(page, name, 'down')
      .getByText(/ECONNREFUSED/)
      .first()
      .waitFor();
    await card(page, name)
      .getByText(/^figures of /)
      .waitFor();
    await card(page, 'web', 'up').waitFor();
    await mend();
    await card(page, name, 'up')
      // it may also have been seen while it started
      .getByText(/last error, /)
      .waitFor();
  });

  it.each(helpers)('shows %s hanging and back', async (name) => {
    await using opened = await look();
    const { page } = opened;
    signal(name, 'SIGSTOP');
    await card(page, name, 'down').getByText('no answer in time').first().waitFor();
    // the others are unchanged
    for (const other of helpers.filter((one) => one !== name)) await card(page, other, 'up').waitFor();
    signal(name, 'SIGCONT');
    await card(page, name, 'up').waitFor();
  });

  it('shows Redis stopped and back: its backend is away, its wire stands still, and the buttons name the error', async () => {
    await using opened = await look();
    const { page, faults } = opened;
    await pod.killRedis();
    await page.locator('[data-backend="Redis"][data-state="away"]').waitFor();
    await card(page, 'redis-ambassador', 'degraded')
      .getByText(/^Redis is down: /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Burst of 500 page views' }).click();
    await page
      .getByText(
        /^500 page views in .*: \d+ counted, \d+ not: Redis (?:cannot be reached|did not answer in time)\.$/,
      )
      .waitFor();
    expect(await movingWires(page)).not.toContain('redis-ambassador to Redis');
    expect(faults).toEqual([]);
    await pod.restartRedis();
    await page.locator('[data-backend="Redis"][data-state="up"]').waitFor();
  });

  it('does not count views that Redis did not accept', async () => {
    const viewsOf = async () => {
      const { containers }: { containers: ReadonlyArray<{ name: string; figures: { pageViews?: number } }> } =
        JSON.parse(await (await fetch(`${pod.pageUrl}/api/pod`)).text());
      return containers.find(({ name }) => name === 'web')?.figures.pageViews;
    };
    await pod.killRedis();
    await eventually(
      async () => (await fetch(`${pod.state.url}/api/views/x`, { method: 'POST' })).status === 503,
    );
    const before = await viewsOf();
    for (let view = 0; view < 5; view++) await fetch(`${pod.state.url}/api/views/x`, { method: 'POST' });
    await eventually(async () => (await viewsOf()) === before);
    await pod.restartRedis();
    await eventually(async () => (await fetch(`${pod.state.url}/api/views/x`, { method: 'POST' })).ok);
    await eventually(async () => (await viewsOf()) === (before ?? 0) + 1);
  });

  it('shows web gone: its card says so, and nothing moves', async () => {
    await using opened = await look();
    const { page } = opened;
    signal('web', 'SIGKILL');
    await card(page, 'web', 'down').waitFor();
    await eventually(async () => (await movingWires(page)).length === 0);
    await mend();
    await card(page, 'web', 'up').waitFor();
  });
});
