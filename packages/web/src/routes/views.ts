import { hash } from 'node:crypto';
import type { StatsdClient } from '../clients/statsd.ts';
import { type PageCount, pageName, type Views } from '../clients/views.ts';
import type { Handler, HttpRequest, HttpResponse } from '../http/exchange.ts';
import { optionalJson } from '../http/limits.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Methods } from '../http/resource.ts';
import { sendJson } from '../http/send-json.ts';
import type { Traffic } from '../http/traffic.ts';

export interface ViewCounting {
  readonly views: Views;
  readonly statsd: Pick<StatsdClient, 'pageViewed'>;
  readonly traffic: Traffic;
}

/**
 * Counts a page view in the access log, in StatsD and in Redis, and resolves with the new count.
 * @throws RedisUnavailable when only Redis failed
 */
export async function countView(
  { views, statsd, traffic }: ViewCounting,
  { req, res, page }: { req: HttpRequest; res: HttpResponse; page: string },
): Promise<PageCount> {
  res.locals.exchange.page = page;
  statsd.pageViewed(page, visitorOf(req));
  const counted = await views.add(page);
  traffic.pageViews++;
  return counted;
}

/** Tells visitors apart without storing their identity. */
function visitorOf(req: HttpRequest): string {
  const from = `${req.socket.remoteAddress ?? ''} ${req.headers['user-agent'] ?? ''}`;
  return hash('sha1', from, 'base64url').slice(0, 12);
}

/** `/api/views`: the counters. */
export function viewsResource({ views }: ViewCounting): Methods {
  const list: Handler = async (_req, res) => {
    const { counts, omitted } = await views.all();
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    // present only if pages were left out
    sendJson(res, { views: Object.fromEntries(counts), total, ...(omitted > 0 && { omitted }) });
  };
  return { get: [list] };
}

/** `/api/views/:page`: counts a view of it. */
export function viewResource(counting: ViewCounting): Methods {
  const count: Handler = async (req, res) => {
    const page = req.params['page'] ?? '';
    if (!pageName.test(page)) {
      throw new HttpProblem(400, 'a page name has 1 to 64 characters of a-z, 0-9 and -', {
        code: 'page-name',
      });
    }
    sendJson(res, await countView(counting, { req, res, page }));
  };
  return { post: [optionalJson, count] };
}
