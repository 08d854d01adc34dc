import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('escapes what could end a text or an attribute', () => {
    expect(html`<p title="${`"><script>'&`}">${'<b>'}</p>`.text).toBe(
      '<p title="&#34;&#62;&#60;script&#62;&#39;&#38;">&#60;b&#62;</p>',
    );
  });

  it('takes markup of its own kind as it is, lists of it, numbers, and nothing for undefined and false', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${0}${undefined}${false}`.text).toBe('<ul><li>a</li><li>b</li></ul>0');
  });

  it.each(['a', '&', '"', 'é'])('takes no longer for a megabyte of %j than its length demands', (piece) => {
    expect(secondsOf(() => html`${piece.repeat(1_000_000)}`)).toBeLessThan(mostSeconds);
  });
});
