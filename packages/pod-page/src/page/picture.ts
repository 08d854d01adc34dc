import type { Backend, Container, Flow, PodState, Role } from '../pod/container.ts';
import { formatFigure } from '../pod/format-figure.ts';
import { card } from './card.ts';
import { type Html, html } from './html.ts';

/** The protocol between the application and a helper. */
const plain: Readonly<Partial<Record<Role, string>>> = {
  ambassador: 'plain Redis',
  adaptor: 'plain StatsD',
  sidecar: 'plain files',
};

/** The containers, their backends outside the pod, and the traffic between them: a lane for each helper. */
export function picture(pod: PodState, podName: string): Html {
  const of = (...wanted: readonly Role[]) => pod.containers.filter(({ role }) => wanted.includes(role));
  const lanes = of('ambassador', 'adaptor', 'sidecar').map((helper) => lane(pod, helper));
  return html`<section class="picture" id="pod" aria-labelledby="pod-name">
<div class="edge" aria-hidden="true"></div>
<h2 class="pod-name" id="pod-name"><span>pod</span> ${podName}</h2>
<p class="outside-title" aria-hidden="true">outside the pod</p>
<div class="inits">${of('init').map(card)}</div>
<div class="apps">${of('application').map(card)}</div>
<div class="lanes">${lanes}</div>
</section>`;
}

/** A helper between the application and its own backend. */
function lane({ flows, backends }: PodState, helper: Container): Html {
  const { name, role } = helper;
  const behind = backends.find(({ of }) => of === name);
  const into = flows.find(({ to }) => to === name);
  const out = flows.find(({ from }) => from === name);
  return html`<div class="lane" data-role="${role}">
${into && wire({ side: 'in', ...into, via: plain[role] })}
${card(helper)}
${out && behind && wire({ side: 'out', ...out, state: behind.state })}
${behind && backend(behind)}
</div>`;
}

interface Wire extends Flow {
  readonly side: 'in' | 'out';
  readonly via?: string | undefined;
  /** Of the backend at its end. */
  readonly state?: string;
}

/** Dots move only while something passes; ten times the rate is one step faster. */
function wire({ side, from, to, rate, unit, isMoving, via, state = '' }: Wire): Html {
  const pace = Math.min(4, Math.floor(Math.log10(1 + (rate ?? 0))) + 1);
  return html`<p class="reading ${side}"><span class="aside">${from} to ${to}: </span>${reading(unit, rate)}${via && html`<span class="via">${via}</span>`}</p>
<span class="string ${side}" data-moving="${String(isMoving)}" data-pace="${pace}" data-state="${state}" aria-hidden="true"><span class="beads"></span></span>`;
}

function reading(unit: string, rate: number | undefined): Html {
  if (!unit.endsWith('/s')) return html`${unit}`;
  if (rate === undefined) return html`– ${unit}`;
  if (unit === 'bytes/s') return html`<b>${formatFigure(rate, 'bytes')}</b>/s`;
  return html`<b>${formatFigure(rate, 'rate')}</b> ${unit}`;
}

const mostNodes = 8;

function backend({ name, state, detail, nodes }: Backend): Html {
  const shown = nodes.slice(0, mostNodes);
  const rest = nodes.length - shown.length;
  return html`<div class="backend" data-backend="${name}" data-state="${state}"><h3>${name}${state === 'away' && html` <span class="away">away</span>`}</h3><p>${detail}</p>${
    shown.length > 0 &&
    html`<ul>${shown.map((node) => html`<li data-state="${node.state}"><span class="lamp" aria-hidden="true"></span>${node.name} <span>${node.role} ${node.state}</span></li>`)}${rest > 0 && html`<li>and ${rest} more</li>`}</ul>`
  }</div>`;
}
