import type { PodState } from '../pod/container.ts';
import type { Info } from '../routes/info.ts';
import { diagram } from './diagram.ts';
import { formatFigure } from './format-figure.ts';
import { type Html, html } from './html.ts';

export interface PageModel {
  readonly info: Info;
  readonly pod: PodState;
  readonly now: Date;
}

/** The page with its count of views, which is undefined while Redis is away. ASCII throughout. */
export type Page = (views: number | undefined) => string;

/**
 * The page: everything is there without a script, which only keeps it up to date and adds the buttons. Only the count of
 * views is filled in later, so that a page can be shown more than once.
 */
export function drawPage(model: PageModel): Page {
  const before = beforeCount(model).text;
  const after = afterCount(model.info).text;
  return (views) => before + viewCount(views).text + after;
}

function beforeCount({ info, pod, now }: PageModel): Html {
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
${diagram(pod, info.pod.name || 'on this machine')}
${actions}
</main>
<footer>
<p>`;
}

function afterCount(info: Info): Html {
  return html`</p>
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
`;
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
