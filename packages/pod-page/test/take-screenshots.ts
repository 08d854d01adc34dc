import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { chromium } from 'playwright-core';

/**
 * Takes the README's screenshots of a running pod: `node_modules/.bin/node packages/pod-page/test/take-screenshots.ts [URL]`.
 * First it makes a minute of traffic with a burst.
 */
const url = process.argv[2] ?? 'http://127.0.0.1:8090';
const executablePath = findBinary('chromium', 'chromium-browser', 'google-chrome');
if (executablePath === undefined) throw new Error('no chromium on PATH');
const folder = join(import.meta.dirname, '../docs');
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const open = async (colorScheme: 'light' | 'dark') => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  await page.goto(url);
  return page;
};
const [light, dark] = await Promise.all([open('light'), open('dark')]);
for (const page of [light, dark]) await page.getByRole('button', { name: 'Steady traffic' }).click();
await light.waitForTimeout(35_000);
await dark.getByRole('button', { name: 'Burst of 500 page views' }).click();
await light.waitForTimeout(27_000);
await light.screenshot({ path: join(folder, 'page-light.png') });
await dark.screenshot({ path: join(folder, 'page-dark.png') });
await browser.close();
