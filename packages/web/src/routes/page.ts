import { ownPage } from '../clients/views.ts';
import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';
import { pagePolicy } from '../http/security-headers.ts';
import type { PodState } from '../pod/container.ts';
import type { PodWatch } from '../pod/watch.ts';
import { drawPage, type Page } from '../views/page.ts';
import type { Info } from './info.ts';
import { countView, type ViewCounting } from './views.ts';

export interface PageParts extends ViewCounting {
  readonly info: Info;
  readonly watch: Pick<PodWatch, 'soon'>;
}

/** How long the page waits for a look at the pod; what comes later the page's script fetches. */
const lookWithinMs = 150;

/** `/`: the page. Opening it is a view of `home`; without Redis it says so instead of a number. */
export function pageResource(parts: PageParts): Methods {
  const pageOf = keepLast((pod: PodState, second: number) =>
    drawPage({ info: parts.info, pod, now: new Date(second * 1000) }),
  );
  const show: Handler = async (req, res) => {
    const [counted, pod] = await Promise.all([
      // HEAD is how a monitor looks, not a visitor
      req.method === 'GET' ? countView(parts, { req, res, page: ownPage }).catch(() => undefined) : undefined,
      parts.watch.soon(lookWithinMs),
    ]);
    const text = pageOf(pod, Math.floor(Date.now() / 1000))(counted?.views);
    res.setHeader('content-security-policy', pagePolicy);
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.setHeader('cache-control', 'no-store');
    // the page is ASCII: the same bytes as in UTF-8, which Node would have to count first
    res.end(text, 'latin1');
  };
  return { get: [show] };
}

/** Draws again only what is not what was drawn last: a pod is looked at once a second, however many pages are asked for. */
function keepLast(draw: (pod: PodState, second: number) => Page): (pod: PodState, second: number) => Page {
  let last: { readonly pod: PodState; readonly second: number; readonly page: Page } | undefined;
  return (pod, second) => {
    if (last === undefined || last.pod !== pod || last.second !== second) {
      last = { pod, second, page: draw(pod, second) };
    }
    return last.page;
  };
}
