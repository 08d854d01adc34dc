import type { PodState } from '../pod/container.ts';
import { containerOf, type FigureSource, figure } from './figures.ts';
import { type Html, html } from './html.ts';
import { stateWord } from './state-word.ts';

interface Line {
  readonly label: string;
  readonly source: FigureSource;
  /** Follows the label. */
  readonly kind?: FigureSource;
}

interface CardPlan {
  readonly name: string;
  readonly role: string;
  /** What it is for, until it has answered. */
  readonly purpose: string;
  readonly lines: readonly Line[];
  /** Of which rate the last minute is drawn. */
  readonly trend?: string;
}

interface WirePlan {
  readonly area: string;
  /** For those who do not see it: from where to where. */
  readonly between: string;
  readonly reading: FigureSource;
  readonly of: string;
  readonly via: string | FigureSource;
  /** The rate that moves the beads. */
  readonly pace: FigureSource;
}

/** The containers, those beside the pod, and what passes between them, as one picture. */
export function diagram(pod: PodState, podName: string): Html {
  return html`<section class="picture" id="pod" aria-labelledby="pod-name">
<h2 class="pod-name" id="pod-name"><span>pod</span> ${podName}</h2>
<div class="pod-edge" aria-hidden="true"></div>
<p class="outside-title" aria-hidden="true">outside the pod</p>
${cards.map((plan) => card(pod, plan))}
${wires.map((plan) => wire(pod, plan))}
${outside.map(({ area, name, detail }) => html`<div class="outside" data-area="${area}"><h3>${name}</h3><p>${figure(pod, detail)}</p></div>`)}
</section>`;
}

const rate = (of: string, name: string): FigureSource => ({ of, figure: name, unit: 'rate' });
const count = (of: string, name: string): FigureSource => ({ of, figure: name, unit: 'count' });
const text = (of: string, name: string): FigureSource => ({ of, figure: name, unit: 'text' });
const memory = (of: string): Line => ({
  label: 'memory',
  source: { of, figure: 'memoryBytes', unit: 'bytes' },
  kind: text(of, 'memoryKind'),
});

const cards: readonly CardPlan[] = [
  {
    name: 'wait-for',
    role: 'init',
    purpose: 'holds the start until Redis answers',
    lines: [{ label: 'waited', source: { of: 'wait-for', figure: 'waitedMs', unit: 'ms' } }],
  },
  {
    name: 'web',
    role: 'application',
    purpose: 'knows Redis and StatsD on localhost, and files',
    trend: 'requestsPerSecond',
    lines: [
      { label: 'requests a second', source: rate('web', 'requestsPerSecond') },
      { label: 'page views', source: count('web', 'pageViews') },
      { label: 'in flight', source: count('web', 'inFlight') },
      memory('web'),
    ],
  },
  {
    name: 'redis-ambassador',
    role: 'ambassador',
    purpose: 'knows where Redis really is',
    trend: 'commandsPerSecond',
    lines: [
      { label: 'commands', source: count('redis-ambassador', 'commands') },
      { label: 'clients', source: count('redis-ambassador', 'clients') },
      { label: 'errors', source: count('redis-ambassador', 'errors') },
      memory('redis-ambassador'),
    ],
  },
  {
    name: 'statsd-adaptor',
    role: 'adaptor',
    purpose: 'StatsD in, Prometheus out',
    trend: 'linesPerSecond',
    lines: [
      { label: 'lines', source: count('statsd-adaptor', 'lines') },
      { label: 'series', source: count('statsd-adaptor', 'series') },
      { label: 'errors', source: count('statsd-adaptor', 'errors') },
      memory('statsd-adaptor'),
    ],
  },
  {
    name: 'log-shipper',
    role: 'sidecar',
    purpose: 'ships every line of the log files',
    trend: 'recordsPerSecond',
    lines: [
      { label: 'records', source: count('log-shipper', 'records') },
      { label: 'files', source: count('log-shipper', 'files') },
      { label: 'behind', source: { of: 'log-shipper', figure: 'lagSeconds', unit: 'seconds' } },
      memory('log-shipper'),
    ],
  },
];

const wires: readonly WirePlan[] = [
  {
    area: 'to-ambassador',
    between: 'web to redis-ambassador',
    reading: rate('redis-ambassador', 'commandsPerSecond'),
    of: 'commands/s',
    via: 'plain Redis',
    pace: rate('redis-ambassador', 'commandsPerSecond'),
  },
  {
    area: 'to-redis',
    between: 'redis-ambassador to Redis',
    reading: { of: 'redis-ambassador', figure: 'latencyMs', unit: 'ms' },
    of: 'latency',
    via: text('redis-ambassador', 'topology'),
    pace: rate('redis-ambassador', 'commandsPerSecond'),
  },
  {
    area: 'to-adaptor',
    between: 'web to statsd-adaptor',
    reading: rate('statsd-adaptor', 'linesPerSecond'),
    of: 'lines/s',
    via: 'plain StatsD',
    pace: rate('statsd-adaptor', 'linesPerSecond'),
  },
  {
    area: 'to-prometheus',
    between: 'statsd-adaptor to Prometheus',
    reading: count('statsd-adaptor', 'series'),
    of: 'series',
    via: '/metrics',
    pace: rate('statsd-adaptor', 'linesPerSecond'),
  },
  {
    area: 'to-shipper',
    between: 'web to log-shipper',
    reading: rate('log-shipper', 'recordsPerSecond'),
    of: 'lines/s',
    via: 'plain files',
    pace: rate('log-shipper', 'recordsPerSecond'),
  },
  {
    area: 'to-backend',
    between: 'log-shipper to the log backend',
    reading: { of: 'log-shipper', figure: 'lagBytes', unit: 'bytes' },
    of: 'behind',
    via: 'records',
    pace: rate('log-shipper', 'recordsPerSecond'),
  },
];

const outside = [
  { area: 'redis', name: 'Redis', detail: text('redis-ambassador', 'upstream') },
  { area: 'prometheus', name: 'Prometheus', detail: text('statsd-adaptor', 'scraped') },
  { area: 'backend', name: 'Log backend', detail: text('log-shipper', 'sink') },
] as const;

function card(pod: PodState, { name, role, purpose, lines, trend }: CardPlan): Html {
  const seen = containerOf(pod, name);
  const state = seen?.state ?? 'unknown';
  return html`<article class="card" data-area="${name}" data-container="${name}" data-state="${state}" aria-labelledby="name-${name}">
<header><h3 id="name-${name}">${name}</h3><p class="role">${role}</p>
<p class="state"><span class="lamp" aria-hidden="true"></span><span data-text="state">${stateWord(role, state)}</span></p></header>
<p class="summary" data-text="summary">${seen?.summary ?? purpose}</p>
<dl>${lines.map((line) => lineOf(pod, line))}</dl>
${trend && html`<svg class="trend" data-trend="${trend}" viewBox="0 0 60 20" preserveAspectRatio="none" aria-hidden="true"><path class="area"/><path class="line"/></svg>`}
</article>
`;
}

function lineOf(pod: PodState, { label, source, kind }: Line): Html {
  const suffix = kind && html` ${figure(pod, kind)}`;
  return html`<div><dt>${label}${suffix}</dt><dd>${figure(pod, source)}</dd></div>`;
}

function wire(pod: PodState, { area, between, reading, of, via, pace }: WirePlan): Html {
  return html`<p class="wire" data-area="${area}" data-pace="${pace.of} ${pace.figure}">
<span class="between">${between}: </span>
<span class="reading"><b>${figure(pod, reading)}</b> ${of}</span>
<span class="string" aria-hidden="true"><span class="beads"></span></span>
<span class="via">${typeof via === 'string' ? via : figure(pod, via)}</span>
</p>
`;
}
