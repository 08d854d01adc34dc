import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdminPort, ambassadorStatus } from './admin-port.ts';
import { AppPort } from './app-port.ts';
import { browserProgram, card, isLive, launch, movingWires, open as openAt, tooWide } from './browser.ts';
import { RunningPage } from './running-page.ts';

/** The bundle of the image: the bundler must include the files of the page. */
const bundle = join(import.meta.dirname, '../dist/pod-page.js');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the page in a browser', needs(browserProgram), () => {
  const resources = new AsyncDisposableStack();
  let browser: Browser;
  let served: RunningPage;
  let app: AppPort;
  let web: AdminPort;
  let ambassador: AdminPort;
  let adaptor: AdminPort;
  let shipper: AdminPort;

  beforeAll(async () => {
    app = resources.use(await AppPort.start());
    [web, ambassador, adaptor, shipper] = (await Promise.all(
      ['web', 'redis-ambassador', 'statsd-adaptor', 'log-shipper'].map((name) => AdminPort.start(name)),
    )) as [AdminPort, AdminPort, AdminPort, AdminPort]; // one for each name
    for (const port of [web, ambassador, adaptor, shipper]) resources.use(port);
    const containers = Object.entries({
      web,
      'redis-ambassador': ambassador,
      'statsd-adaptor': adaptor,
      'log-shipper': shipper,
    });
    served = resources.use(
      await RunningPage.start(
        containers.map(([name, { url }]) => `${name}=${url}`),
        { entry: bundle, args: ['--app', app.url] },
      ),
    );
    browser = await launch();
    resources.defer(() => browser.close());
  });
  afterAll(() => resources.disposeAsync());
  beforeEach(() => {
    web.status = 'web_requests_total 5\nweb_page_views_total 3\nweb_in_flight_requests 0\n';
    ambassador.status = ambassadorStatus(100);
    adaptor.status = { linesTotal: 9, series: 4, lastScrapedAt: null };
    shipper.status = {
      records: 7,
      lagBytes: 0,
      lagSeconds: 0,
      files: [{ size: 1 }],
      sinks: [{ sink: 'file:///x', state: 'ok' }],
    };
    for (const port of [web, ambassador, adaptor, shipper])
      port.ready = { status: 200, body: { ready: true } };
  });

  const open = (options: BrowserContextOptions = {}) => openAt(browser, served.url, options);

  it('updates itself, loads nothing from other hosts, and violates no policy', async () => {
    await using opened = await open();
    const { page, faults } = opened;
    await isLive(page);
    ambassador.status = ambassadorStatus(4321);
    await page.getByText('4,321', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('shows and announces a helper with a fault, and keeps the last error after it is over', async () => {
    await using opened = await open();
    const { page } = opened;
    await card(page, 'redis-ambassador', 'up').waitFor();
    ambassador.ready = { status: 503, body: { ready: false, reasons: { upstream: 'connection refused' } } };
    await card(page, 'redis-ambassador', 'degraded').getByText('connection refused').first().waitFor();
    const told = 'redis-ambassador is degraded: connection refused';
    await eventually(async () => (await page.locator('[data-announce]').textContent()) === told);
    ambassador.ready = { status: 200, body: { ready: true } };
    await card(page, 'redis-ambassador', 'up')
      .getByText(/last error, \S+: connection refused/)
      .waitFor();
  });

  it('replaces only changed elements, so that the focus stays', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    await page.evaluate(`window.kept = document.querySelector('[data-container="redis-ambassador"] h3')`);
    ambassador.status = ambassadorStatus(777);
    await page.getByText('777', { exact: true }).waitFor();
    expect(await page.evaluate('window.kept.isConnected')).toBe(true);
  });

  it('moves a wire as long as it has traffic', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    await eventually(async () => (await movingWires(page)).length === 0);
    let lines = 9;
    Object.defineProperty(adaptor, 'status', {
      configurable: true,
      writable: true,
      value: {
        ...{ series: 4, lastScrapedAt: null },
        get linesTotal() {
          return lines++;
        },
      },
    });
    await eventually(async () => (await movingWires(page)).join() === 'web to statsd-adaptor');
    // never scraped, and the wire to Prometheus says the same
    expect(await page.locator('[data-backend="Prometheus"]').textContent()).toContain('never scraped');
    adaptor.status = { linesTotal: lines - 1, series: 4, lastScrapedAt: new Date().toISOString() };
    await eventually(async () => (await movingWires(page)).join() === 'statsd-adaptor to Prometheus');
    await eventually(async () => (await movingWires(page)).length === 0);
  });

  it('stops the wire to a backend that is away while commands still arrive', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    let commands = 100;
    Object.defineProperty(ambassador, 'status', {
      configurable: true,
      writable: true,
      value: ambassadorStatus(0, {
        commands: {
          get total() {
            return commands++;
          },
        },
        upstream: { state: 'down', reason: 'connect ECONNREFUSED' },
      }),
    });
    await page.locator('[data-backend="Redis"][data-state="away"]').getByText('away').waitFor();
    await eventually(async () => (await movingWires(page)).join() === 'web to redis-ambassador');
    await card(page, 'redis-ambassador', 'degraded')
      .getByText('Redis is down: connect ECONNREFUSED')
      .waitFor();
  });

  it('shows the nodes of Redis, each with its role and state', async () => {
    await using opened = await open();
    const nodes = [
      { address: 'redis-0:6379', role: 'primary', state: 'up' },
      { address: 'redis-1:6379', role: 'replica', state: 'down' },
    ];
    ambassador.status = ambassadorStatus(1, { topology: { kind: 'sentinel', nodes } });
    const redis = opened.page.locator('[data-backend="Redis"]');
    await redis.getByText('redis-1:6379 replica down').waitFor();
    await redis.getByText('redis-0:6379 primary up').waitFor();
    expect(await redis.locator('li[data-state="down"]').count()).toBe(1);
  });

  it('shows an application that has stopped as down, with its last figures and their time, and without motion', async () => {
    await using opened = await open();
    const { page } = opened;
    await card(page, 'web', 'up').waitFor();
    web.isMute = true;
    await card(page, 'web', 'down').getByText('no answer in time').waitFor();
    await card(page, 'web')
      .getByText(/^figures of \d\d:/)
      .waitFor();
    await card(page, 'web').getByText('page views counted').waitFor();
    await eventually(async () => (await movingWires(page)).length === 0);
    web.isMute = false;
    await card(page, 'web', 'up').waitFor();
  });

  describe('the buttons', () => {
    it('send a burst of 500 page views, all of which are counted', async () => {
      const before = app.asked('POST /api/views/');
      await using opened = await open();
      await opened.page.getByRole('button', { name: 'Burst of 500 page views' }).click();
      await opened.page.getByText(/^500 page views in .*, all counted\.$/).waitFor();
      expect(app.asked('POST /api/views/') - before).toBe(500);
    });

    it('report a burst that Redis refuses in the words of the application, without console errors', async () => {
      await using _away = app.answers(503, { detail: 'Redis cannot be reached' });
      await using opened = await open();
      await opened.page.getByRole('button', { name: 'Burst of 500 page views' }).click();
      await opened.page
        .getByText(/^500 page views in .*: 0 counted, 500 not: Redis cannot be reached\.$/)
        .waitFor();
      expect(opened.faults).toEqual([]);
    });

    it('share one burst between two viewers, and tell both the result', async () => {
      const before = app.asked('POST /api/views/');
      const headers = { origin: served.url };
      const press = async () => (await served.fetch('/api/make/burst', { method: 'POST', headers })).text();
      const [one, other] = await Promise.all([press(), press()]);
      expect(one).toMatch(/500 page views in .*, all counted/);
      expect(other).toBe(one);
      expect(app.asked('POST /api/views/') - before).toBe(500);
    });

    it('name the request id of a failed request, to find its stack trace', async () => {
      await using _failing = app.answers(500, { requestId: 'request-1' });
      await using opened = await open();
      await opened.page.getByRole('button', { name: 'Error with a stack trace' }).click();
      await opened.page.getByText(/^Request request-1 failed/).waitFor();
    });

    it('send steady traffic until pressed again; a cache miss causes no console error', async () => {
      await using _missing = app.answers(404, {});
      await using opened = await open();
      const { page, faults } = opened;
      const button = page.getByRole('button', { name: 'Steady traffic' });
      await button.click();
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      const before = app.asked('');
      await eventually(() => app.asked('GET /api/cache/') > 3 && app.asked('') > before + 30);
      await button.click();
      expect(await button.getAttribute('aria-pressed')).toBe('false');
      await page.getByText('The traffic has stopped.').waitFor();
      expect(faults).toEqual([]);
    });

    it('report an application that does not answer', async () => {
      await using alone = await RunningPage.start(['web=http://127.0.0.1:1'], {
        args: ['--app', 'http://127.0.0.1:1'],
      });
      await using opened = await openAt(browser, alone.url);
      await opened.page.getByRole('button', { name: 'Error with a stack trace' }).click();
      await opened.page.getByText(/^No answer from the application: connect ECONNREFUSED/).waitFor();
    });
  });

  it('can be used by keyboard alone', async () => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    const focused = () => page.evaluate('document.activeElement.textContent.trim()');
    const order: unknown[] = [];
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual([
      'Skip to the pod',
      'Steady traffic',
      'Burst of 500 page views',
      'Error with a stack trace',
      'the pod as JSON',
    ]);
    await page.getByRole('button', { name: 'Error with a stack trace' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Request .* failed/).waitFor();
    expect(await focused()).toBe('Error with a stack trace');
  });

  const widths = [360, 768, 1080, 1440, 2560];

  it.each(['light', 'dark'] as const)(
    'is accessible: axe finds no fault in the %s theme at any width',
    async (colorScheme) => {
      await using opened = await open({ colorScheme });
      const { page } = opened;
      // a card with a fault has its own colours
      ambassador.status = ambassadorStatus(1, { upstream: { state: 'down' } });
      await card(page, 'redis-ambassador', 'degraded').waitFor();
      await page.evaluate(axeSource);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        const violations = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
        );
        expect({ width, violations }).toEqual({ width, violations: [] });
      }
    },
  );

  const allWidths = [
    280, 320, 359, 360, 412, 575, 576, 768, 820, 959, 960, 1024, 1080, 1200, 1440, 2560, 3840,
  ];

  const atEveryWidth = async (fontSize: string, look: (page: Page, width: number) => Promise<void>) => {
    await using opened = await open();
    const { page } = opened;
    await isLive(page);
    if (fontSize !== '') await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}'`);
    for (const width of allWidths) {
      await page.setViewportSize({ width, height: 900 });
      await look(page, width);
    }
  };

  it.each(['', '200%'])('fits every width with its text at %j', (fontSize) =>
    atEveryWidth(fontSize, async (page, width) => {
      expect({ width, tooWide: await tooWide(page) }).toEqual({ width, tooWide: [] });
    }),
  );

  it.each(['', '200%'])('aligns every wire at every width with its text at %j', (fontSize) =>
    atEveryWidth(fontSize, async (page, width) => {
      expect({ width, lies: await lies(page) }).toEqual({ width, lies: [] });
    }),
  );

  it('moves only if the user does not prefer reduced motion', async () => {
    const moving =
      "[...document.querySelectorAll('.beads')].flatMap((beads) => beads.getAnimations()).filter((one) => one instanceof CSSAnimation).length";
    await using calm = await open({ reducedMotion: 'reduce' });
    expect(await calm.page.evaluate(moving)).toBe(0);
    await using lively = await open({ reducedMotion: 'no-preference' });
    expect(await lively.page.evaluate(moving)).toBe(6);
  });

  it('shows the pod without buttons if scripts are off', async () => {
    await using opened = await open({ javaScriptEnabled: false });
    expect(await card(opened.page, 'redis-ambassador', 'up').isVisible()).toBe(true);
    expect(await opened.page.getByRole('button').count()).toBe(0);
  });

  it('says when it lost its server, shows no motion, and reconnects', async () => {
    const first = await RunningPage.start([`redis-ambassador=${ambassador.url}`], { entry: bundle });
    await using opened = await openAt(browser, first.url);
    const { page } = opened;
    await isLive(page);
    await first.program.stop();
    await page.getByText('reconnecting').waitFor();
    expect(await page.evaluate("getComputedStyle(document.querySelector('.picture')).filter")).toBe(
      'grayscale(1)',
    );
    await first[Symbol.asyncDispose]();
    const listen = first.url.replace('http://', '');
    await using _second = await RunningPage.start([`redis-ambassador=${ambassador.url}`], {
      entry: bundle,
      listen,
    });
    await isLive(page);
  });
});

/**
 * Layout faults: a wire that misses its helper or leads to another backend, a container outside of the pod's edge,
 * a backend inside, or the edge across a text.
 */
function lies(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const box = (element) => element.getBoundingClientRect();
    const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
    const edge = document.querySelector('.edge');
    const line = getComputedStyle(edge).display === 'none' ? undefined : box(edge).right;
    const lanes = [...document.querySelectorAll('.lane')];
    for (const lane of lanes) {
      const [into, helper, out, backend] = ['.string.in', '.card', '.string.out', '.backend'].map((one) => lane.querySelector(one));
      const name = helper.dataset.container;
      if (apart(box(into), box(helper)) > 1) found.push('no wire comes to ' + name);
      if (apart(box(out), box(helper)) > 4) found.push('no wire leaves ' + name);
      if (apart(box(out), box(backend)) > 4) found.push('the wire of ' + name + ' does not end at its backend');
      for (const other of lanes.filter((one) => one !== lane))
        if (apart(box(out), box(other.querySelector('.card'))) < 4) found.push('the wire of ' + name + ' touches another helper');
      if (line === undefined) continue;
      if (box(helper).right > line) found.push(name + ' is outside of the pod');
      if (box(backend).left < line) found.push('the backend of ' + name + ' is in the pod');
    }
    const app = document.querySelector('[data-role="application"]');
    const first = box(document.querySelector('.string.in'));
    const trunk = getComputedStyle(lanes[0], '::before');
    const beside = first.left - box(app).right < 4 && first.left >= box(app).right - 1;
    const below = trunk.display !== 'none' && box(app).left <= box(lanes[0]).left + 8;
    if (!beside && !below) found.push('no wire leaves the application');
    if (line !== undefined)
      for (const text of document.querySelectorAll('.reading, .backend *, .card *, .pod-name')) {
        const { left, right, width } = box(text);
        const inside = getComputedStyle(text).paddingInlineStart;
        if (width > 0 && left + parseFloat(inside) < line && right > line + 1) found.push('the edge runs through ' + text.textContent);
      }
    return found;
  })()`);
}
