import type { Info } from '../routes/info.ts';
import { formatFigure } from './format-figure.ts';
import { type Html, html } from './html.ts';

export interface PageModel {
  readonly info: Info;
  /** How often this page was viewed; undefined while Redis is away. */
  readonly views: number | undefined;
  /** What `diagram` has made of the pod. */
  readonly picture: Html;
  readonly now: Date;
}

/** The page: everything is there without a script, which only keeps it up to date and adds the buttons. */
export function pageHtml({ info, views, picture, now }: PageModel): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>One pod, five containers</title>
<meta name="description" content="A Kubernetes pod and its helper containers, live in one picture">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body>
<a class="skip" href="#pod">Skip to the pod</a>
<header class="top">
<div>
<h1>One pod, five containers</h1>
<p class="lede">The application speaks plain Redis and plain StatsD to localhost and writes plain files. Its helpers make a production system of that.</p>
</div>
<p class="pulse" data-pulse="still"><span class="lamp" aria-hidden="true"></span><span data-pulse-text>as of ${now.toISOString().slice(11, 19)} UTC</span></p>
</header>
<main>
${picture}
${actions}
</main>
<footer>
<p>${viewCount(views)}</p>
<ul>
<li><a href="/api/pod">the pod as JSON</a></li>
<li><a href="/api/views">page views</a></li>
<li><a href="/openapi.json">the API</a></li>
</ul>
<p>${info.name} ${info.version} &middot; Node ${info.node.slice(1)}${info.pod.node && html` &middot; ${info.pod.node}`}${info.pod.ip && html` &middot; ${info.pod.ip}`}</p>
</footer>
<p class="aside" role="status" data-announce></p>
</body>
</html>
`.text;
}

/** Each is made by the script, so without one there are no buttons. */
const actions = html`<section class="actions" aria-labelledby="actions-title" hidden data-actions>
<h2 id="actions-title">Make something pass</h2>
<div class="buttons">
<button type="button" data-action="traffic" aria-pressed="false">Steady traffic</button>
<button type="button" data-action="burst">Burst of 500 page views</button>
<button type="button" data-action="error">Error with a stack trace</button>
</div>
<p class="outcome" role="status" data-outcome>Watch the wires: each request is a command, a few StatsD lines and a log line.</p>
</section>`;

function viewCount(views: number | undefined): Html {
  return views === undefined
    ? html`Redis is away: this page view is not counted, but it is in the log and in StatsD.`
    : html`You are view <b>${formatFigure(views, 'count')}</b> of this page.`;
}
