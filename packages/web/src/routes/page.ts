import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';
import { pagePolicy } from '../http/security-headers.ts';
import { pageHtml } from '../views/page.ts';
import type { Info } from './info.ts';
import { countView, type ViewCounting } from './views.ts';

/** `/`: the page. Opening it is a view of `home`; without Redis it says so instead of a number. */
export function pageResource(parts: ViewCounting & { readonly info: Info }): Methods {
  const show: Handler = async (req, res) => {
    // HEAD is how a monitor looks, not a visitor
    const views =
      req.method === 'GET'
        ? await countView(parts, { req, res, page: 'home' }).catch(() => undefined)
        : undefined;
    res.setHeader('content-security-policy', pagePolicy);
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.setHeader('cache-control', 'no-store');
    res.end(pageHtml({ info: parts.info, views }));
  };
  return { get: [show] };
}
