/** The stylesheet of the page: light and dark, from 360 pixels to 4K. */
export const style = /* css */ `
:root {
  color-scheme: light dark;
  --paper: #f5f4f0; --card: #ffffff; --ink: #1c2128; --muted: #5a6270; --line: #d8d5cc; --edge: #b9b4a7;
  --web: #1d4f91; --ambassador: #0b6e66; --adaptor: #6742b8; --sidecar: #96560a; --init: #4c6445;
  --up: #1a7f45; --degraded: #a15a00; --down: #c0292b; --unknown: #6b7280;
  --shadow: 0 1px 2px rgb(40 36 20 / 6%), 0 8px 24px -12px rgb(40 36 20 / 14%);
  --gap: 1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1015; --card: #151a21; --ink: #e8eaee; --muted: #98a2b1; --line: #29313c; --edge: #4c596b;
    --web: #7db1ff; --ambassador: #4fd0c0; --adaptor: #b39bff; --sidecar: #f0b35a; --init: #a3c495;
    --up: #4ec983; --degraded: #f0a942; --down: #ff7b78; --unknown: #8d97a6;
    --shadow: none;
  }
}
* { box-sizing: border-box; margin: 0; padding: 0; }
[hidden] { display: none !important; }
html { font-size: clamp(100%, 0.36rem + 0.6vw, 212%); }
body {
  min-height: 100vh; padding: clamp(1rem, 2.4vw, 2.5rem); display: flex; flex-direction: column; gap: 1.75rem;
  max-width: 84rem; margin-inline: auto; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
h1, h2, h3 { font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.4vw, 2.1rem); letter-spacing: -0.025em; }
a { color: inherit; text-underline-offset: 0.2em; text-decoration-color: var(--edge); }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 3px solid var(--web); outline-offset: 3px; border-radius: 0.4rem; }
.skip { position: absolute; inset-block-start: -4rem; inset-inline-start: 1rem; padding: 0.5rem 1rem; background: var(--card); z-index: 9; }
.skip:focus { inset-block-start: 1rem; }
.aside, .between { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 0.75rem 2rem; }
.lede { max-width: 44rem; margin-top: 0.5rem; color: var(--muted); text-wrap: pretty; }
.pulse, .state { display: inline-flex; align-items: center; gap: 0.5em; font-size: 0.8125rem; color: var(--muted); white-space: nowrap; }
.lamp { width: 0.55rem; height: 0.55rem; border-radius: 50%; background: var(--tone, var(--unknown)); flex: none; }
.pulse[data-pulse="live"] { --tone: var(--up); }
.pulse[data-pulse="lost"] { --tone: var(--degraded); }

main { display: grid; gap: 1.75rem; }
.picture {
  display: grid; column-gap: 0; row-gap: var(--gap); padding: 2.25rem var(--pad) var(--pad); --pad: 1.25rem; position: relative;
  grid-template-columns: repeat(3, minmax(0, 1fr));
  grid-template-areas:
    "wait-for wait-for wait-for" "web web web"
    "to-ambassador to-ambassador to-ambassador" "redis-ambassador redis-ambassador redis-ambassador"
    "to-adaptor to-adaptor to-adaptor" "statsd-adaptor statsd-adaptor statsd-adaptor"
    "to-shipper to-shipper to-shipper" "log-shipper log-shipper log-shipper"
    "to-redis to-prometheus to-backend" "redis prometheus backend";
}
.pod-edge {
  grid-row: 1 / 9; grid-column: 1 / 4; margin: -2.25rem calc(var(--pad) * -1) calc(var(--pad) * -1);
  border: 1.5px dashed var(--edge); border-radius: 1.5rem;
}
.pod-name {
  position: absolute; inset-block-start: 0; inset-inline-start: 1.5rem; transform: translateY(-50%);
  padding-inline: 0.6rem; background: var(--paper); font-size: 0.9375rem;
}
.pod-name span { font-weight: 400; color: var(--muted); }

.card {
  display: grid; gap: 0.5rem; align-content: start; padding: 0.9rem 1.1rem 1rem; position: relative; overflow: hidden;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; box-shadow: var(--shadow);
}
.card::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 4px; background: var(--accent); }
.card header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.6rem; }
.card h3 { font-size: 1.0625rem; }
.role { font-size: 0.8125rem; color: var(--accent); font-weight: 600; }
.state { margin-inline-start: auto; }
[data-state="up"] { --tone: var(--up); }
[data-state="degraded"] { --tone: var(--degraded); }
[data-state="down"] { --tone: var(--down); }
[data-state="degraded"] .state, [data-state="down"] .state { color: var(--tone); font-weight: 600; }
[data-state="down"] { border-color: var(--tone); }
.summary { font-size: 0.875rem; color: var(--muted); overflow-wrap: anywhere; text-wrap: pretty; }
dl { display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; }
dl div { display: flex; flex-direction: column-reverse; }
dt { font-size: 0.75rem; color: var(--muted); white-space: nowrap; }
dd { font-size: 1.0625rem; font-weight: 600; line-height: 1.3; white-space: nowrap; }
.trend { display: block; width: 100%; height: 2rem; color: var(--accent); border-bottom: 1px solid var(--line); }
.trend path { fill: none; stroke: currentColor; stroke-width: 1.75; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.trend .area { fill: currentColor; fill-opacity: 0.12; stroke: none; }

.wire {
  display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 0 0.75rem; min-height: 3.25rem;
  margin-block: calc(var(--gap) * -1); color: var(--muted); font-size: 0.8125rem; line-height: 1.25; position: relative;
}
.reading { text-align: end; }
.reading b { font-size: 1rem; font-weight: 600; color: var(--ink); }
.string { position: relative; align-self: stretch; width: 0.5rem; overflow: hidden; }
.string::before { content: ""; position: absolute; inset: 0 auto 0 calc(50% - 0.75px); width: 1.5px; background: var(--edge); }
.beads {
  position: absolute; inset: -1.5rem 0 0; background: radial-gradient(circle, var(--accent) 0 0.2rem, transparent 0.24rem) 50% 0 / 0.5rem 1.5rem repeat-y;
  animation: fall 1.5s linear infinite; opacity: 0; transition: opacity 0.6s;
}
.wire[data-flow="on"] .beads { opacity: 1; }
.string::after {
  content: ""; position: absolute; inset: auto 0 0; margin-inline: auto; width: 0.5rem; height: 0.45rem;
  background: var(--edge); clip-path: polygon(0 0, 100% 0, 50% 100%);
}
@keyframes fall { to { transform: translateY(1.5rem); } }
@keyframes run { to { transform: translateX(1.5rem); } }

.outside { padding: 0.6rem 0.15rem; border: 1px solid var(--edge); border-radius: 1rem; text-align: center; font-size: 0.75rem; color: var(--muted); overflow-wrap: anywhere; }
.outside h3 { font-size: clamp(0.75rem, 3.4vw, 0.9375rem); color: var(--ink); letter-spacing: -0.02em; }
.outside-title { display: none; }

[data-area="web"] { grid-area: web; --accent: var(--web); }
[data-area="wait-for"] { grid-area: wait-for; --accent: var(--init); }
[data-area="redis-ambassador"] { grid-area: redis-ambassador; }
[data-area="statsd-adaptor"] { grid-area: statsd-adaptor; }
[data-area="log-shipper"] { grid-area: log-shipper; }
[data-area="to-ambassador"] { grid-area: to-ambassador; }
[data-area="to-redis"] { grid-area: to-redis; }
[data-area="to-adaptor"] { grid-area: to-adaptor; }
[data-area="to-prometheus"] { grid-area: to-prometheus; }
[data-area="to-shipper"] { grid-area: to-shipper; }
[data-area="to-backend"] { grid-area: to-backend; }
[data-area="redis"] { grid-area: redis; }
[data-area="prometheus"] { grid-area: prometheus; }
[data-area="backend"] { grid-area: backend; }
:is([data-area="redis-ambassador"], [data-area="to-ambassador"], [data-area="to-redis"]) { --accent: var(--ambassador); }
:is([data-area="statsd-adaptor"], [data-area="to-adaptor"], [data-area="to-prometheus"]) { --accent: var(--adaptor); }
:is([data-area="log-shipper"], [data-area="to-shipper"], [data-area="to-backend"]) { --accent: var(--sidecar); }

/* three narrow wires leave the pod side by side */
:is([data-area="to-redis"], [data-area="to-prometheus"], [data-area="to-backend"]) {
  grid-template-columns: 1fr; justify-items: center; text-align: center; margin-block-end: -0.25rem;
}
:is([data-area="to-redis"], [data-area="to-prometheus"], [data-area="to-backend"]) .string { min-height: 3.25rem; }
:is([data-area="to-redis"], [data-area="to-prometheus"], [data-area="to-backend"]) .reading { text-align: center; order: 3; }
:is([data-area="to-redis"], [data-area="to-prometheus"], [data-area="to-backend"]) .via { display: none; }
:is([data-area="redis"], [data-area="prometheus"], [data-area="backend"]) { margin-inline: 0.2rem; }

.actions { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0.75rem 1.25rem; text-align: center; }
.actions h2 { font-size: 1.0625rem; }
.outcome { flex-basis: 100%; }
.buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.75rem; }
button {
  font: inherit; font-weight: 600; color: var(--ink); background: var(--card); border: 1px solid var(--edge);
  border-radius: 999px; padding: 0.55rem 1.25rem; min-height: 2.75rem; cursor: pointer; box-shadow: var(--shadow);
}
button:hover { border-color: var(--ink); }
button:focus-visible { border-radius: 999px; }
button[aria-pressed="true"] { background: var(--web); border-color: var(--web); color: var(--card); }
button[aria-disabled="true"] { color: var(--muted); cursor: progress; }
.outcome { min-height: 1.5em; color: var(--muted); font-size: 0.9375rem; text-wrap: balance; }

footer {
  display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.5rem 2rem; margin-top: auto; padding-top: 1.25rem;
  border-top: 1px solid var(--line); color: var(--muted); font-size: 0.875rem;
}
footer b { color: var(--ink); }
footer ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; }

@media (min-width: 36rem) and (max-width: 57.99rem) {
  .card { grid-template-columns: 1fr 1fr; column-gap: 2rem; }
  .card header { grid-column: 1 / -1; }
  .summary, dl { grid-column: 1; }
  .trend { grid-area: 2 / 2 / 4 / 3; height: 100%; min-height: 3rem; }
}
@media (min-width: 58rem) {
  body { gap: 1.375rem; padding-block: clamp(1rem, 1.8vw, 2rem); }
  main { gap: 1.25rem; }
  .trend { height: 1.75rem; }
  .actions { row-gap: 0.5rem; }
  .lede { max-width: none; }
  .picture {
    --pad: 1.5rem; padding: 1.75rem 0 1.5rem var(--pad); row-gap: 1.125rem;
    grid-template-columns: minmax(13.5rem, 1.1fr) minmax(6.25rem, 0.75fr) minmax(16rem, 1.5fr) minmax(6.5rem, 0.8fr) minmax(8rem, 0.75fr);
    grid-template-areas:
      "wait-for wait-for wait-for . outside-title"
      "web to-ambassador redis-ambassador to-redis redis"
      "web to-adaptor statsd-adaptor to-prometheus prometheus"
      "web to-shipper log-shipper to-backend backend";
  }
  .pod-edge { grid-row: 1 / 5; grid-column: 1 / 4; margin: -1.75rem calc(var(--pad) * -1) -1.5rem; }
  .outside-title { display: block; grid-area: outside-title; place-self: center; font-size: 0.8125rem; color: var(--muted); }
  [data-area="wait-for"] { display: flex; align-items: baseline; gap: 1.5rem; padding-block: 0.7rem; }
  [data-area="wait-for"] header { display: contents; }
  [data-area="wait-for"] h3 + .role { margin-inline-start: -0.9rem; }
  [data-area="wait-for"] .state { order: 3; margin-inline-start: 0; }
  [data-area="wait-for"] dl { display: none; }
  [data-area="wait-for"] .summary { margin-inline-start: auto; }
  [data-area="web"] { align-content: stretch; grid-template-rows: auto auto auto 1fr; gap: 1rem; }
  [data-area="web"] dl { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
  [data-area="web"] dd { font-size: 1.375rem; }
  [data-area="web"] dl div:first-child { grid-column: 1 / -1; }
  [data-area="web"] dl div:first-child dd { font-size: 2.75rem; letter-spacing: -0.03em; line-height: 1.1; }
  [data-area="web"] .trend { height: 100%; min-height: 3rem; }
  .wire.wire { grid-template-columns: 1fr; grid-template-rows: 1fr auto 1fr; justify-items: stretch; text-align: center; margin: 0; gap: 0.35rem; }
  .wire .reading.reading { order: 0; align-self: end; text-align: center; }
  .wire .string.string { width: auto; height: 0.5rem; min-height: 0; }
  .wire .via.via { display: block; align-self: start; padding-inline: 0.5rem; overflow-wrap: anywhere; }
  .string::before { inset: calc(50% - 0.75px) 0 auto 0; width: auto; height: 1.5px; }
  .string::after { inset: 0 0 0 auto; margin: 0; width: 0.45rem; height: 0.5rem; clip-path: polygon(0 0, 100% 50%, 0 100%); }
  .beads {
    inset: 0 0.45rem 0 -1.5rem; background: radial-gradient(circle, var(--accent) 0 0.2rem, transparent 0.24rem) 0 50% / 1.5rem 0.5rem repeat-x;
    animation-name: run;
  }
  .outside { display: grid; align-content: center; margin-block: 1.25rem; font-size: 0.8125rem; }
  .outside h3 { font-size: 0.9375rem; }
  :is([data-area="redis"], [data-area="prometheus"], [data-area="backend"]) { margin-inline: 0; }
}
@media (prefers-reduced-motion: reduce) { .beads { animation: none; transition: none; } }
@media (forced-colors: active) { .lamp { background: CanvasText; forced-color-adjust: none; } .card::before { background: CanvasText; } }
`;
