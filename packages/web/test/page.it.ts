import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { Redis } from 'ioredis';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminPort } from './admin-port.ts';
import { RunningWeb } from './running-web.ts';

const browserProgram = installed('chromium', ['chromium', 'chromium-browser', 'google-chrome']);
/** What the image runs; the script of the page has to survive the bundler. */
const bundle = join(import.meta.dirname, '../dist/web.js');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the page in a browser', needs(browserProgram, redisServer), () => {
  const resources = new AsyncDisposableStack();
  let browser: Browser;
  let web: RunningWeb;
  let ambassador: AdminPort;
  let redis: Redis;

  beforeAll(async () => {
    const server = resources.use(await RedisServer.start());
    ambassador = resources.use(await AdminPort.start());
    ambassador.status = ambassadorStatus(100);
    redis = new Redis(server.port);
    resources.defer(() => redis.disconnect());
    const env = { REDIS_URL: `redis://127.0.0.1:${server.port}`, REDIS_AMBASSADOR_URL: ambassador.url };
    web = resources.use(await RunningWeb.start(env, { entry: bundle }));
    // a sandbox needs privileges that a test container does not have
    browser = await chromium.launch({ executablePath: browserProgram.path, args: ['--no-sandbox'] });
    resources.defer(() => browser.close());
  });
  afterAll(() => resources.disposeAsync());

  /** A page of its own, closed at the end of the scope, that keeps what went wrong in it. */
  async function open(
    options: BrowserContextOptions = {},
    url = web.url,
  ): Promise<AsyncDisposable & { readonly page: Page; readonly faults: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) faults.push(`asked ${request.url()}`);
    });
    await page.goto(url);
    return { page, faults, [Symbol.asyncDispose]: () => context.close() };
  }

  const isLive = (page: Page) => page.locator('[data-pulse="live"]').waitFor();
  const figure = (page: Page, name: string) => page.locator(`[data-figure^="${name} "]`).first();

  it('keeps itself up to date, asks nobody else, and breaks no policy', async () => {
    await using opened = await open();
    const { page, faults } = opened;
    await isLive(page);
    ambassador.status = ambassadorStatus(4321);
    await page.getByText('4,321', { exact: true }).waitFor();
    await eventually(
      async () => (await figure(page, 'redis-ambassador commandsPerSecond').textContent()) !== '–',
    );
    expect(faults).toEqual([]);
  });

  it('shows a helper in trouble and says so to those who do not see it', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    ambassador.ready = { status: 503, body: { ready: false, reasons: { upstream: 'connection refused' } } };
    const card = page.locator('[data-container="redis-ambassador"]');
    await card.getByText('connection refused').waitFor();
    expect(await card.getAttribute('data-state')).toBe('degraded');
    await eventually(
      async () =>
        (await page.locator('[data-announce]').textContent()) ===
        'redis-ambassador is degraded: connection refused',
    );
    ambassador.ready = { status: 200, body: {} };
    await card.getByText('up', { exact: true }).waitFor();
  });

  it('a burst makes five hundred page views, all of them counted', async () => {
    await redis.del('views');
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Burst of 500 page views' }).click();
    await page.getByText(/^500 page views in .*, all counted\.$/).waitFor();
    const views = Object.values(await redis.hgetall('views')).map(Number);
    // one of them is the opening of the page itself
    expect(views.reduce((sum, count) => sum + count, 0)).toBe(501);
  });

  it('an error names the request under which its stack trace is found', async () => {
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Error with a stack trace' }).click();
    const said = page.getByText(/^Request \S+ failed/);
    await said.waitFor();
    const id = /^Request (\S+)/.exec((await said.textContent()) ?? '')?.[1];
    await eventually(() => web.logText('error').includes(`ERROR [${id}] Error: `));
  });

  it('steady traffic goes on until the button is pressed again', async () => {
    await using opened = await open();
    const { page } = opened;
    const button = page.getByRole('button', { name: 'Steady traffic' });
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    const before = web.logLines('access').length;
    await eventually(() => web.logLines('access').length > before + 20);
    await eventually(
      async () => (await page.locator('.card[data-container="web"] .line').getAttribute('d')) !== null,
    );
    await button.click();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
  });

  it('is used by keyboard alone', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    const order: unknown[] = [];
    for (let press = 0; press < 7; press++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual([
      'Skip to the pod',
      'Steady traffic',
      'Burst of 500 page views',
      'Error with a stack trace',
      'the pod as JSON',
      'page views',
      'the API',
    ]);
    await page.getByRole('button', { name: 'Error with a stack trace' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Request \S+ failed/).waitFor();
    expect(await focused()).toBe('Error with a stack trace');
  });

  it.each([
    ['light', 360],
    ['light', 1440],
    ['dark', 360],
    ['dark', 1440],
  ] as const)('is accessible: axe finds nothing in the %s theme at %i pixels', async (colorScheme, width) => {
    await using opened = await open({ colorScheme, viewport: { width, height: 900 } });
    const { page } = opened;
    await isLive(page);
    await page.evaluate(axeSource);
    const violations = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
    );
    expect(violations).toEqual([]);
  });

  it('fits into every width', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    for (const width of [360, 412, 575, 576, 820, 927, 928, 1024, 1440, 2560, 3840]) {
      await page.setViewportSize({ width, height: 900 });
      const tooWide = await page.evaluate(`[...document.querySelectorAll('html, body *')]
        .filter((element) => getComputedStyle(element).clipPath === 'none' && element.closest('.string, svg') === null)
        .filter((element) => getComputedStyle(element).display !== 'inline')
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.outerHTML.slice(0, 80))`);
      expect({ width, tooWide }).toEqual({ width, tooWide: [] });
    }
  });

  it('stands still where motion is not wanted, and runs where it is', async () => {
    const moving =
      "[...document.querySelectorAll('.beads')].flatMap((beads) => beads.getAnimations()).length";
    await using calm = await open({ reducedMotion: 'reduce' });
    expect(await calm.page.evaluate(moving)).toBe(0);
    await using lively = await open({ reducedMotion: 'no-preference' });
    expect(await lively.page.evaluate(moving)).toBe(6);
  });

  it('without scripts shows the pod as it was when it was asked for, and no buttons', async () => {
    await using opened = await open({ javaScriptEnabled: false });
    const { page } = opened;
    await eventually(async () => {
      await page.goto(web.url);
      return page.locator('[data-container="redis-ambassador"]').getByText('up', { exact: true }).isVisible();
    });
    expect(await page.getByRole('button').count()).toBe(0);
  });

  it('says when it has lost the application, and finds it again', async () => {
    const port = await freePort();
    const env = { LISTEN: `127.0.0.1:${port}` };
    const first = await RunningWeb.start(env, { entry: bundle });
    await using opened = await open({}, first.url);
    const { page } = opened;
    await isLive(page);
    await first.program.stop();
    await page.getByText('connecting again').waitFor();
    await first[Symbol.asyncDispose]();
    await using _second = await RunningWeb.start(env, { entry: bundle });
    await isLive(page);
  });
});

function ambassadorStatus(commands: number) {
  return {
    clients: 1,
    commands: { total: commands },
    upstream: { state: 'up' },
    topology: { kind: 'standalone', nodes: [{ address: 'redis.pod-patterns.svc:6379', latencyMs: 0.3 }] },
  };
}
