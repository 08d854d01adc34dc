import type { Container, Role } from '../pod/container.ts';
import { formatFigure, type Unit } from '../pod/format-figure.ts';
import { type Html, html } from './html.ts';

type Line = readonly [figure: string, label: string, unit: Unit];

/** Figures of a card by role, each with its label and unit. */
const lines: Readonly<Record<Role, readonly Line[]>> = {
  init: [['waitedMs', 'waited', 'ms']],
  application: [
    ['requestsPerSecond', 'requests a second', 'rate'],
    ['pageViews', 'page views counted', 'count'],
    ['inFlight', 'requests in flight', 'count'],
  ],
  ambassador: [
    ['commands', 'commands in all', 'count'],
    ['clients', 'clients connected', 'count'],
    ['errors', 'error replies', 'count'],
    ['latencyMs', 'latency of Redis', 'ms'],
  ],
  adaptor: [
    ['lines', 'lines in all', 'count'],
    ['series', 'series exposed', 'count'],
    ['errors', 'lines with errors', 'count'],
  ],
  sidecar: [
    ['records', 'records shipped', 'count'],
    ['files', 'files followed', 'count'],
    ['lagBytes', 'not shipped yet', 'bytes'],
    ['lagSeconds', 'behind', 'seconds'],
  ],
};

/** A container as a card. If it does not answer, shows its last figures with their time. */
export function card(container: Container): Html {
  const { name, role, state, since, summary, figures, figuresAt, lastError, lastMinute } = container;
  const known = lines[role].filter(([figure]) => figures[figure] !== undefined);
  const memory = figures['memoryBytes'];
  const isOver = lastError !== undefined && lastError.text !== summary;
  return html`<article class="card" data-container="${name}" data-role="${role}" data-state="${state}" aria-labelledby="name-${name}">
<header><h3 id="name-${name}">${name}</h3><p class="role">${role}</p>
<p class="state"><span class="lamp" aria-hidden="true"></span><span>${role === 'init' && state === 'up' ? 'done' : state}</span> <span class="since">since ${since.slice(11, 19)}</span></p></header>
<p class="summary">${summary}</p>
<dl>${known.map(([figure, label, unit]) => html`<div><dt>${label}</dt> <dd>${formatFigure(figures[figure], unit)}</dd></div>`)}${
    memory !== undefined &&
    html`<div><dt>memory, ${figures['memoryKind']}</dt> <dd>${formatFigure(memory, 'bytes')}</dd></div>`
  }</dl>
${figuresAt && html`<p class="then">figures of ${figuresAt.slice(11, 19)}</p>`}${
  isOver && html`<p class="then">last error, ${lastError.at.slice(11, 19)}: ${lastError.text}</p>`
}${role !== 'init' && trend(lastMinute)}</article>`;
}

const width = 60;
const height = 20;

/** The last minute, the newest on the right; in square-root scale, so that a burst does not flatten the rest. */
function trend(values: readonly number[]): Html {
  const top = Math.max(1, ...values);
  const left = width - values.length + 1;
  const heightOf = (value: number) => Math.round((height - 2) * Math.sqrt(value / top) * 10) / 10;
  const points = values.map((value, index) => `${left + index} ${height - heightOf(value)}`);
  const line = values.length > 1 ? `M${points.join('L')}` : '';
  return html`<svg class="trend" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path class="area" d="${line && `${line}V${height}H${left}Z`}"/><path class="line" d="${line}"/></svg>`;
}
