import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('escapes characters that could end a text or an attribute', () => {
    expect(html`<p title="${`"><script>'&`}">${'<b>'}</p>`.text).toBe(
      '<p title="&#34;&#62;&#60;script&#62;&#39;&#38;">&#60;b&#62;</p>',
    );
  });

  it('inserts its own markup, lists and numbers unescaped, and nothing for undefined and false', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${0}${undefined}${false}`.text).toBe('<ul><li>a</li><li>b</li></ul>0');
  });

  it.each(['a', '&', '"', 'é'])('escapes a megabyte of %j in linear time', (piece) => {
    expect(secondsOf(() => html`${piece.repeat(1_000_000)}`)).toBeLessThan(mostSeconds);
  });
});
