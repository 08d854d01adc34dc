import type { Info } from '../routes/info.ts';
import { html } from './html.ts';

export interface PageModel {
  readonly info: Info;
  /** Undefined while Redis is away. */
  readonly views: number | undefined;
}

export function pageHtml({ info, views }: PageModel): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>pod-patterns</title></head>
<body><h1>${info.name} ${info.version}</h1><p>${views ?? 'Redis is away: views are not counted'}</p></body>
</html>
`.text;
}
