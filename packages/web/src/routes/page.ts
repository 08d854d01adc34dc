import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';
import { pagePolicy } from '../http/security-headers.ts';
import type { PodState } from '../pod/container.ts';
import type { PodWatch } from '../pod/watch.ts';
import { diagram } from '../views/diagram.ts';
import type { Html } from '../views/html.ts';
import { pageHtml } from '../views/page.ts';
import type { Info } from './info.ts';
import { countView, type ViewCounting } from './views.ts';

export interface PageParts extends ViewCounting {
  readonly info: Info;
  readonly watch: Pick<PodWatch, 'soon'>;
}

/** How long the page waits for a first look at the pod; what comes later the page's script fetches. */
const lookWithinMs = 150;

/** `/`: the page. Opening it is a view of `home`; without Redis it says so instead of a number. */
export function pageResource(parts: PageParts): Methods {
  const pictureOf = keepLast((pod: PodState | undefined) =>
    diagram(pod, parts.info.pod.name || 'on this machine'),
  );
  const show: Handler = async (req, res) => {
    const [views, pod] = await Promise.all([
      // HEAD is how a monitor looks, not a visitor
      req.method === 'GET' ? countView(parts, { req, res, page: 'home' }).catch(() => undefined) : undefined,
      parts.watch.soon(lookWithinMs),
    ]);
    res.setHeader('content-security-policy', pagePolicy);
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.setHeader('cache-control', 'no-store');
    res.end(pageHtml({ info: parts.info, views, picture: pictureOf(pod), now: new Date() }));
  };
  return { get: [show] };
}

/** Draws again only what is not what was drawn last: the pod is looked at once a second, however many pages are asked for. */
function keepLast<Key>(draw: (key: Key) => Html): (key: Key) => Html {
  let last: { readonly key: Key; readonly drawn: Html } | undefined;
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, drawn: draw(key) };
    return last.drawn;
  };
}
