import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('escapes what could end a text or an attribute', () => {
    expect(html`<p title="${`"><script>'&`}">${'<b>'}</p>`.text).toBe(
      '<p title="&#34;&#62;&#60;script&#62;&#39;&#38;">&#60;b&#62;</p>',
    );
  });

  it('is ASCII, whatever it is given', () => {
    expect(html`${'é – 😀'}`.text).toBe('&#233; &#8211; &#128512;');
  });

  it('takes markup of its own kind as it is, lists of it, numbers, and nothing', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${0}${undefined}`.text).toBe('<ul><li>a</li><li>b</li></ul>0');
  });
});
