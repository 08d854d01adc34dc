import { installed } from '@pod-patterns/kit/testing/needs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

export const browserProgram = installed('chromium', ['chromium', 'chromium-browser', 'google-chrome']);

export type Opened = AsyncDisposable & { readonly page: Page; readonly faults: string[] };

/** A sandbox needs privileges that a test container does not have. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserProgram.path, args: ['--no-sandbox'] });
}

/** A new page that records its errors, closed at the end of the scope. */
export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
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

export const isLive = (page: Page) => page.locator('[data-pulse="live"]').waitFor();

/** The card of a container, in a state. */
export const card = (page: Page, name: string, state = '') =>
  page.locator(`[data-container="${name}"]${state && `[data-state="${state}"]`}`);

/** Wires that move now, as `from to to`. */
export const movingWires = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('.string[data-moving="true"]')].map((string) =>
    string.previousElementSibling.querySelector('.aside').textContent.replace(/: $/, ''))`);

/** Elements that overflow the page or their own box. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('html, body *')]
    .filter((element) => getComputedStyle(element).clipPath === 'none' && element.closest('.string, svg') === null)
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 80))`);
