import type { Card, SharedVolume, Sketch } from './sketch.ts';

const card = { width: 240, height: 132, gap: 40 } as const;
const margin = 32;
const portHeight = 26;
const bar = { height: 40, gap: 12 } as const;
const narrowest = 480;

const fonts = 'font-family="ui-sans-serif, system-ui, Segoe UI, Helvetica, Arial, sans-serif"';

/** Fill and ink by role; told apart without colour by the role's word on each card. */
const colours: Readonly<Record<Card['role'], readonly [fill: string, ink: string]>> = {
  app: ['#e3efff', '#174ea6'],
  sidecar: ['#e4f5e9', '#1b6b3a'],
  adaptor: ['#fdf1d6', '#8a5a00'],
  ambassador: ['#f0e6fb', '#5b2a9d'],
  init: ['#eceff3', '#48525f'],
  datastore: ['#fde6e4', '#a8231a'],
  unknown: ['#f4f4f4', '#555555'],
};

const forms = { app: 'container', init: 'init container', 'native-sidecar': 'native sidecar' } as const;

/** Draws pods below one another: containers from left to right as they start, their ports above, volumes below. */
export function drawSvg(sketches: readonly Sketch[]): string {
  const drawn = sketches.map(drawPod);
  const width = Math.max(narrowest, ...drawn.map((pod) => pod.width));
  let top = 0;
  const groups = drawn.map((pod) => {
    const group = `<g transform="translate(0 ${top})">${pod.body}</g>`;
    top += pod.height + margin;
    return group;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top}" viewBox="0 0 ${width} ${top}" role="img" ${fonts}>`,
    `<title>${xml(sketches.map(({ title }) => title).join(', '))}</title>`,
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#5b6673"/></marker></defs>',
    `<rect width="${width}" height="${top}" fill="#ffffff"/>`,
    ...groups,
    '</svg>\n',
  ].join('\n');
}

interface Drawn {
  readonly body: string;
  readonly width: number;
  readonly height: number;
}

function drawPod(pod: Sketch): Drawn {
  const columns = Math.max(1, pod.cards.length);
  const inner = columns * card.width + (columns - 1) * card.gap;
  const ports = Math.max(0, ...pod.cards.map((one) => one.ports.length));
  const cardsTop = 104 + ports * portHeight;
  const rows = packRows(pod.volumes);
  const volumesTop = cardsTop + card.height + 36;
  const stopTop = volumesTop + rows.length * (bar.height + bar.gap);
  const width = Math.max(narrowest, inner + 4 * margin);
  const height = stopTop + 56;
  const left = (index: number) => 2 * margin + index * (card.width + card.gap);
  const placeOf = (row: number): VolumePlace => ({
    left,
    row,
    cardsBottom: cardsTop + card.height,
    top: volumesTop + row * (bar.height + bar.gap),
  });
  const body = [
    drawHeader(pod, width, height),
    // lines first, so that they pass behind the bars of other volumes
    ...rows.flatMap((row, at) => row.map((volume) => drawMounts(volume, placeOf(at)))),
    ...rows.flatMap((row, at) => row.map((volume) => drawVolume(volume, placeOf(at)))),
    ...pod.cards.map((one, index) => drawPorts(one, left(index), cardsTop)),
    ...pod.cards.map((one, index) => drawCard(one, left(index), cardsTop)),
    ...pod.cards.slice(1).map((one, index) => drawStep(pod.cards[index], one, left(index), cardsTop)),
    drawLegend(pod, stopTop + 16),
  ].join('\n');
  return { body, width, height };
}

function drawHeader({ title, verdict, facts }: Sketch, width: number, height: number): string {
  const isFine = verdict === 'fine';
  const ink = isFine ? '#1b6b3a' : '#a8231a';
  return [
    `<rect x="${margin}" y="16" width="${width - 2 * margin}" height="${height - 24}" rx="14" fill="#fbfcfe" stroke="${isFine ? '#c3ccd8' : ink}" stroke-width="1.5"/>`,
    text(2 * margin, 50, title, { size: 20, fill: '#1c2430', weight: 600 }),
    text(2 * margin, 74, `${verdict}  ·  ${facts.join('  ·  ')}`, { size: 13, fill: ink }),
  ].join('');
}

/** How to read the marks: circles for the start, squares for the stop. */
function drawLegend({ stop }: Sketch, y: number): string {
  const ink = '#48525f';
  return [
    `<circle cx="${2 * margin + 8}" cy="${y}" r="7" fill="${ink}"/>`,
    text(2 * margin + 22, y + 4.5, 'starts', { size: 12.5, fill: ink }),
    `<rect x="${2 * margin + 76}" y="${y - 7}" width="14" height="14" rx="3" fill="#ffffff" stroke="${ink}"/>`,
    text(2 * margin + 97, y + 4.5, `stops: ${stop.map((group) => group.join(' + ')).join('  →  ')}`, {
      size: 12.5,
      fill: ink,
    }),
  ].join('');
}

function drawCard(one: Card, x: number, y: number): string {
  const [fill, ink] = colours[one.role];
  const dash = one.form === 'init' ? ' stroke-dasharray="5 4"' : '';
  return [
    `<g><title>${xml(`${one.name}: ${one.role}, ${one.image}`)}</title>`,
    `<rect x="${x}" y="${y}" width="${card.width}" height="${card.height}" rx="10" fill="${fill}" stroke="${ink}" stroke-width="1.5"${dash}/>`,
    `<circle cx="${x + 22}" cy="${y + 24}" r="12" fill="${ink}"/>`,
    text(x + 22, y + 28.5, String(one.start), { size: 13, fill: '#ffffff', weight: 600, anchor: 'middle' }),
    text(x + 42, y + 29, fit(one.name, 22), { size: 15, fill: '#1c2430', weight: 600 }),
    text(x + 14, y + 56, one.form === 'init' ? forms.init : `${one.role}, ${forms[one.form]}`, {
      size: 12.5,
      fill: ink,
    }),
    text(x + 14, y + 76, fit(shortImage(one.image), 34), { size: 12, fill: '#48525f' }),
    text(x + 14, y + 95, one.requests, { size: 12, fill: '#48525f' }),
    one.startsNext === ''
      ? ''
      : text(x + 14, y + 115, fit(`next after ${one.startsNext}`, 32), {
          size: 12,
          fill: '#48525f',
          style: 'italic',
        }),
    one.stop === undefined ? '' : drawStopMark(one.stop, x + card.width - 20, y + card.height - 18),
    '</g>',
  ].join('');
}

/** A square with the turn in which a container is told to stop. */
function drawStopMark(turn: number, x: number, y: number): string {
  return [
    `<rect x="${x - 10}" y="${y - 10}" width="20" height="20" rx="4" fill="#ffffff" stroke="#48525f"/>`,
    text(x, y + 4.5, String(turn), { size: 12, fill: '#48525f', weight: 600, anchor: 'middle' }),
  ].join('');
}

/** The arrow from one container to the next; none between those that start together. */
function drawStep(before: Card | undefined, after: Card, x: number, y: number): string {
  if (before === undefined || before.start === after.start) return '';
  const from = x + card.width;
  const middle = y + card.height / 2;
  return `<line x1="${from + 5}" y1="${middle}" x2="${from + card.gap - 5}" y2="${middle}" stroke="#5b6673" stroke-width="2" marker-end="url(#arrow)"/>`;
}

function drawPorts({ ports, role }: Card, x: number, cardTop: number): string {
  const [, ink] = colours[role];
  return ports
    .map((port, index) => {
      const y = cardTop - 14 - (ports.length - index) * portHeight;
      return [
        `<rect x="${x + 14}" y="${y}" width="${card.width - 28}" height="${portHeight - 6}" rx="10" fill="#ffffff" stroke="${ink}"/>`,
        text(x + card.width / 2, y + 14, fit(port, 24), { size: 12, fill: ink, anchor: 'middle' }),
      ].join('');
    })
    .concat(
      ports.length === 0
        ? []
        : [
            `<line x1="${x + card.width / 2}" y1="${cardTop - 19}" x2="${x + card.width / 2}" y2="${cardTop - 2}" stroke="${ink}" stroke-width="1.5" marker-end="url(#arrow)"/>`,
          ],
    )
    .join('');
}

interface VolumePlace {
  readonly left: (index: number) => number;
  readonly row: number;
  readonly cardsBottom: number;
  readonly top: number;
}

const cardsOf = ({ mounts }: SharedVolume) => [...new Set(mounts.map((mount) => mount.card))];

/** A line from each container down to the volume; its end is open where the container only reads. */
function drawMounts(volume: SharedVolume, { left, row, cardsBottom, top }: VolumePlace): string {
  return cardsOf(volume)
    .map((index) => {
      const x = left(index) + card.width - 40 - row * 16;
      const own = volume.mounts.filter((mount) => mount.card === index);
      const fill = own.every(({ isReadOnly }) => isReadOnly) ? '#ffffff' : '#6b7684';
      return [
        `<g><title>${xml(own.map(({ path, isReadOnly }) => `${path}${isReadOnly ? ' (read-only)' : ''}`).join(', '))}</title>`,
        `<line x1="${x}" y1="${cardsBottom}" x2="${x}" y2="${top - 4}" stroke="#6b7684" stroke-width="1.5"/>`,
        `<circle cx="${x}" cy="${top - 4}" r="4" fill="${fill}" stroke="#6b7684" stroke-width="1.5"/></g>`,
      ].join('');
    })
    .join('');
}

/** A volume is a bar below all that mount it. */
function drawVolume(volume: SharedVolume, { left, top }: VolumePlace): string {
  const cards = cardsOf(volume);
  const from = left(Math.min(...cards));
  const width = left(Math.max(...cards)) + card.width - from;
  const paths = [...new Set(volume.mounts.map(({ path }) => path))].join(', ');
  return [
    `<rect x="${from}" y="${top}" width="${width}" height="${bar.height}" rx="10" fill="#eef2f7" stroke="#6b7684"/>`,
    text(from + 14, top + 17, fit(`${volume.name}: ${volume.kind}`, Math.floor((width - 24) / 6.4)), {
      size: 12.5,
      fill: '#2f3945',
    }),
    text(from + 14, top + 32, fit(paths, Math.floor((width - 24) / 6)), { size: 11.5, fill: '#5b6673' }),
  ].join('');
}

/** Puts bars that do not overlap into one row, the widest first. */
function packRows(volumes: readonly SharedVolume[]): SharedVolume[][] {
  const rows: SharedVolume[][] = [];
  const span = ({ mounts }: SharedVolume) => {
    const cards = mounts.map((mount) => mount.card);
    return [Math.min(...cards), Math.max(...cards)] as const;
  };
  for (const volume of volumes) {
    const [from, to] = span(volume);
    const row = rows.find((others) => others.every((other) => span(other)[1] < from || span(other)[0] > to));
    if (row === undefined) rows.push([volume]);
    else row.push(volume);
  }
  return rows;
}

interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
  readonly anchor?: 'middle';
  readonly style?: 'italic';
}

function text(x: number, y: number, value: string, { size, fill, weight, anchor, style }: TextStyle): string {
  const more = [
    ...(weight === undefined ? [] : [`font-weight="${weight}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ...(style === undefined ? [] : [`font-style="${style}"`]),
  ];
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" ${more.join(' ')}>${xml(value)}</text>`;
}

/** `registry.example.com/team/app:1.2@sha256:…` → `app:1.2`. */
function shortImage(image: string): string {
  return (image.split('@')[0] ?? '').replace(/^.*\//, '');
}

function fit(value: string, most: number): string {
  return value.length > most ? `${value.slice(0, most - 1)}…` : value;
}

/** Text for XML: marks escaped, and no character that XML cannot hold. */
function xml(value: string): string {
  return value
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
