import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';
import {
  browserProgram,
  card,
  isLive,
  launch,
  movingWires,
  open,
  tooWide,
} from '../../packages/pod-page/test/browser.ts';
import { nginx, RunningNginx } from './nginx.ts';

const bundle = (name: string) => join(import.meta.dirname, `../../packages/${name}/dist/${name}.js`);

it(
  'shows an application of somebody else, with two of the helpers',
  needs(browserProgram, nginx),
  async () => {
    await using app = await RunningNginx.start();
    using state = tempDir();
    const [shipperPort, adaptorPort, pagePort, statsd] = await Promise.all([
      freePort(),
      freePort(),
      freePort(),
      freePort(),
    ]);
    await using shipper = startProgram(bundle('log-shipper'), [
      ...['--paths', `${app.logs}/*.log`, '--sink', 'stdout:', '--state-dir', state.path],
      ...['--admin-listen', `127.0.0.1:${shipperPort}`],
    ]);
    await using adaptor = startProgram(bundle('statsd-adaptor'), [
      ...[
        `--statsd.listen-udp=127.0.0.1:${statsd}`,
        '--statsd.listen-tcp=off',
        `--web.listen-address=127.0.0.1:${adaptorPort}`,
      ],
    ]);
    await Promise.all([shipper.waitForLog('started'), adaptor.waitForLog('started')]);
    await using pagePrograms = startProgram(bundle('pod-page'), [
      ...[
        '--listen',
        `127.0.0.1:${pagePort}`,
        '--admin-listen',
        '127.0.0.1:0',
        '--title',
        'nginx and its helpers',
      ],
      ...['--container', `nginx=${app.url}/healthz,application`],
      ...['--container', `log-shipper=http://127.0.0.1:${shipperPort}`],
      ...['--container', `statsd-adaptor=http://127.0.0.1:${adaptorPort}`],
    ]);
    await pagePrograms.waitForLog('listening');
    const browser = await launch();
    try {
      await using opened = await open(browser, `http://127.0.0.1:${pagePort}`);
      const { page, faults } = opened;
      await isLive(page);
      await page.getByRole('heading', { name: 'nginx and its helpers' }).waitFor();
      await card(page, 'nginx', 'up').getByText('answers 200').waitFor();
      for (const name of ['log-shipper', 'statsd-adaptor']) await card(page, name, 'up').waitFor();
      expect(await page.locator('.lane').count()).toBe(2);
      // no option names the application
      expect(await page.getByRole('button').count()).toBe(0);
      // nginx logs the request for its health
      await eventually(async () => (await movingWires(page)).includes('nginx to log-shipper'));
      for (const width of [280, 360, 768, 1080, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect({ width, tooWide: await tooWide(page) }).toEqual({ width, tooWide: [] });
      }
      await app[Symbol.asyncDispose]();
      await card(page, 'nginx', 'down')
        .getByText(/ECONNREFUSED/)
        .first()
        .waitFor();
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
