import type { HttpRequest, HttpResponse } from '../http/exchange.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Methods } from '../http/resource.ts';
import { countView, type ViewCounting } from './views.ts';

/** Pages with their texts. */
const pages: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  home: { title: 'Home', text: 'A small web application: page views, and a cache.' },
  about: {
    title: 'About',
    text: 'It counts views in Redis, sends metrics by StatsD and writes its logs to files.',
  },
};

/** `/`: the page `home`. */
export function homeResource(counting: ViewCounting): Methods {
  return { get: [(req, res) => show(counting, 'home', { req, res })] };
}

/** `/pages/:page`: any page. */
export function pageResource(counting: ViewCounting): Methods {
  return { get: [(req, res) => show(counting, req.params['page'] ?? '', { req, res })] };
}

/** Opening a page counts a view; without Redis the page says so. */
async function show(
  counting: ViewCounting,
  page: string,
  { req, res }: { readonly req: HttpRequest; readonly res: HttpResponse },
): Promise<void> {
  const found = Object.hasOwn(pages, page) ? pages[page] : undefined;
  if (found === undefined) throw new HttpProblem(404, `there is no page ${page.slice(0, 64)}`);
  // HEAD comes from monitors, not from visitors
  const isView = req.method === 'GET';
  const counted = isView ? await countView(counting, { req, res, page }).catch(() => undefined) : undefined;
  const views =
    counted === undefined ? 'This view was not counted: Redis is unavailable.' : `View ${counted.views}.`;
  const links = Object.entries(pages).map(([name, { title }]) => `<a href="/pages/${name}">${title}</a>`);
  res.setHeader('content-type', 'text/html; charset=utf-8');
  res.setHeader('cache-control', 'no-store');
  // only our own text and numbers: nothing to escape
  res.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${found.title}</title>
<h1>${found.title}</h1>
<p>${found.text}</p>
<p>${views}</p>
<nav>${links.join(' | ')} | <a href="/openapi.json">The API</a></nav>
</html>
`);
}
