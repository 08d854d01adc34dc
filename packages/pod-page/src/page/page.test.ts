import { describe, expect, it } from 'vitest';
import type { Container, PodState } from '../pod/container.ts';
import { assets } from './assets.ts';
import { drawingOf, type PageModel } from './page.ts';

const ambassador: Container = {
  name: 'redis-ambassador',
  role: 'ambassador',
  state: 'degraded',
  since: '2026-11-24T11:00:00.000Z',
  summary: '<b>Redis is down</b>',
  figures: { commands: 1234, memoryBytes: 23 * 1024 ** 2, memoryKind: 'working set' },
  lastMinute: [1, 4],
};
const pod: PodState = {
  containers: [ambassador],
  flows: [
    { from: 'web', to: 'redis-ambassador', rate: 12.4, unit: 'commands/s', isMoving: true },
    { from: 'redis-ambassador', to: 'Redis', rate: 0, unit: 'commands/s', isMoving: false },
  ],
  backends: [{ name: 'Redis', of: 'redis-ambassador', state: 'away', detail: 'redis:6379', nodes: [] }],
};
const nothing: PodState = { containers: [], flows: [], backends: [] };
const drawn = (state: PodState, over: Partial<PageModel> = {}) =>
  drawingOf({ title: undefined, podName: 'web-<1>', version: '1.2.3', hasApp: true, ...over }).page(state);

describe('the page', () => {
  it('shows the pod without a script', () => {
    const text = drawn(pod);
    for (const part of ['<b>12</b> commands/s', 'redis:6379', 'since 11:00:00', 'One pod and its containers'])
      expect(text).toContain(part);
    expect(text).toMatch(/as of \d\d:\d\d:\d\d UTC/);
    expect(text).not.toMatch(/\{\{|undefined|NaN/);
  });

  it('moves only the wire that has traffic', () => {
    expect(drawn(pod).match(/class="string \w+" data-moving="\w+" data-pace="\d" data-state="\w*"/g)).toEqual(
      [
        'class="string in" data-moving="true" data-pace="2" data-state=""',
        'class="string out" data-moving="false" data-pace="1" data-state="away"',
      ],
    );
  });

  it('says how the memory of a container is measured', () => {
    expect(drawn(pod)).toContain('<dt>memory, working set</dt> <dd>23 MiB</dd>');
  });

  it('escapes texts from outside', () => {
    expect(drawn(pod)).not.toContain('<b>Redis is down');
    expect(drawn(pod)).toContain('web-&#60;1&#62;');
    expect(drawn(pod, { title: '<script>' })).not.toContain('<script>');
  });

  it('shows the last error after it is over, and the time of outdated figures', () => {
    const at = '2026-11-24T11:30:00.000Z';
    const container = {
      ...ambassador,
      summary: 'well',
      figuresAt: at,
      lastError: { at, text: 'ECONNREFUSED' },
    };
    const text = drawn({ ...pod, containers: [container] });
    expect(text).toContain('last error, 11:30:00: ECONNREFUSED');
    expect(text).toContain('figures of 11:30:00');
  });

  it('shows at most eight nodes of a backend', () => {
    const nodes = Array.from({ length: 10 }, (_, index) => ({
      name: `redis-${index}`,
      role: 'replica',
      state: 'down',
    }));
    const text = drawn({ ...pod, backends: pod.backends.map((one) => ({ ...one, nodes })) });
    expect(text.match(/replica down/g)).toHaveLength(8);
    expect(text).toContain('and 2 more');
  });

  it('has buttons only with --app', () => {
    expect(drawn(pod)).toContain('data-actions="true"');
    expect(drawn(pod, { hasApp: false })).toContain('data-actions="false"');
  });

  it('is complete for an empty pod', () => {
    expect(drawn(nothing)).toContain('<div class="lanes"></div>');
  });

  it('contains no inline code that its policy forbids, and loads nothing from other hosts', () => {
    const text = drawn(pod);
    expect(text).not.toMatch(/ style=| on\w+=|<style|<script(?![^>]* src="\/)/);
    expect(text).not.toMatch(/(?:src|href)="(?!\/|#)/);
    expect(assets.css).not.toMatch(/url\(|@import/);
  });

  it('is drawn once for all viewers', () => {
    const { picture, page } = drawingOf({ title: '', podName: '', version: '', hasApp: false });
    let asked = 0;
    const counted: PodState = {
      ...pod,
      get containers() {
        asked++;
        return pod.containers;
      },
    };
    picture(counted);
    const once = asked;
    for (let open = 0; open < 100; open++) picture(counted);
    expect(asked).toBe(once);
    expect(page(counted)).toContain(picture(counted));
  });
});
