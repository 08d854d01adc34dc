import { describe, expect, it } from 'vitest';
import type { PodState } from '../pod/container.ts';
import { infoOf } from '../routes/info.ts';
import { drawPage } from './page.ts';
import { script } from './script.ts';

const pod: PodState = {
  containers: [
    {
      name: 'redis-ambassador',
      role: 'ambassador',
      state: 'degraded',
      since: '2026-11-24T12:00:00.000Z',
      summary: '<b>Redis is down</b>',
      figures: {
        commandsPerSecond: 12.4,
        upstream: 'redis:6379',
        memoryBytes: 23 * 1024 ** 2,
        memoryKind: 'working set',
      },
    },
  ],
};

const info = infoOf({ name: 'web', version: '1.2.3' }, { POD_NAME: 'web-<1>' }, new Date(0));
const nothing: PodState = { containers: [] };
const page = (views: number | undefined, seen: PodState) =>
  drawPage({ info, pod: seen, now: new Date('2026-11-24T12:00:00Z') })(views);

describe('the page', () => {
  it('shows what is known without a script', () => {
    const text = page(1234, pod);
    expect(text).toContain('You are view <b>1,234</b> of this page.');
    expect(text).toContain('<span data-figure="redis-ambassador commandsPerSecond rate">12</span>');
    expect(text).toContain('redis:6379');
    expect(text).toContain('as of 12:00:00 UTC');
  });

  it('says how the memory of a container is counted', () => {
    const label = 'memory <span data-figure="redis-ambassador memoryKind text">working set</span>';
    const value = '<span data-figure="redis-ambassador memoryBytes bytes">23 MiB</span>';
    expect(page(1, pod)).toContain(`<dt>${label}</dt><dd>${value}</dd>`);
    // of the others nothing is known yet
    expect(page(1, pod)).toContain('memory <span data-figure="web memoryKind text"></span>');
  });

  it('escapes what comes from outside', () => {
    const text = page(1, pod);
    expect(text).not.toContain('<b>Redis is down');
    expect(text).toContain('web-&#60;1&#62;');
  });

  it('draws all five containers before anything is known of them, and says that they are being asked', () => {
    const text = page(undefined, nothing);
    for (const name of ['wait-for', 'web', 'redis-ambassador', 'statsd-adaptor', 'log-shipper']) {
      expect(text).toContain(`<h3 id="name-${name}">${name}</h3>`);
    }
    expect(text.match(/<span data-text="state">being asked</g)).toHaveLength(5);
    expect(text).not.toContain('undefined');
    expect(text).toContain('this page view is not counted');
  });

  it('is ASCII, which is fast to send', () => {
    expect(page(undefined, nothing)).toMatch(/^[\n -~]*$/);
  });

  it('has nothing inline that its policy forbids, and asks no other host', () => {
    const text = page(1, pod);
    expect(text).not.toMatch(/ style=| on\w+=|<style|<script(?![^>]* src="\/)/);
    expect(text).not.toMatch(/(?:src|href)="(?!\/|#)/);
  });
});

describe('the script', () => {
  it('is whole: it compiles as it is served', () => {
    expect(() => new Function(script)).not.toThrow();
    expect(script).not.toMatch(/\bimport\b|__vi|: PageElement/);
  });
});
