import type { Card, Sketch } from './sketch.ts';

/** Draws pods as a Mermaid flowchart: start order as arrows, ports and volumes around. */
export function drawMermaid(sketches: readonly Sketch[]): string {
  const lines = ['flowchart LR', ...sketches.flatMap(podLines)];
  const styles = [
    'classDef app fill:#e3efff,stroke:#174ea6',
    'classDef sidecar fill:#e4f5e9,stroke:#1b6b3a',
    'classDef adaptor fill:#fdf1d6,stroke:#8a5a00',
    'classDef ambassador fill:#f0e6fb,stroke:#5b2a9d',
    'classDef init fill:#eceff3,stroke:#48525f,stroke-dasharray:5 4',
    'classDef datastore fill:#fde6e4,stroke:#a8231a',
    'classDef unknown fill:#f4f4f4,stroke:#555555',
  ];
  return `${[...lines, ...styles.map((style) => `  ${style}`)].join('\n')}\n`;
}

function podLines({ title, verdict, cards, volumes, stop }: Sketch, pod: number): string[] {
  const id = (index: number) => `p${pod}c${index}`;
  const label = (...parts: readonly string[]) =>
    `"${parts
      .filter((part) => part !== '')
      .map(entities)
      .join('<br/>')}"`;
  const nodes = cards.map(
    (card, index) =>
      `    ${id(index)}[${label(`${card.start}. ${card.name}`, `${card.role}${note(card)}`, card.ports.join(', '))}]:::${card.role}`,
  );
  const steps = cards.flatMap((card, index) => {
    const next = cards.findIndex((other) => other.start === card.start + 1);
    // those that start together are all reached from the one before
    const all = next < 0 ? [] : cards.flatMap((other, at) => (other.start === card.start + 1 ? [at] : []));
    return all.map((at) => `    ${id(index)} -->|${label(`after ${card.startsNext}`)}| ${id(at)}`);
  });
  const mounts = volumes.flatMap(({ name, kind, mounts: all }, at) => [
    `    p${pod}v${at}[(${label(name, kind)})]`,
    ...all.map(
      ({ card, path, isReadOnly }) =>
        `    ${id(card)} -. ${label(`${path}${isReadOnly ? ' (ro)' : ''}`)} .- p${pod}v${at}`,
    ),
  ]);
  return [
    `  subgraph p${pod}[${label(`${title}: ${verdict}`, `stops: ${stop.map((group) => group.join(' + ')).join(' → ')}`)}]`,
    ...nodes,
    ...steps,
    ...mounts,
    '  end',
  ];
}

function note({ form }: Card): string {
  return form === 'native-sidecar' ? ', native sidecar' : '';
}

/** Text between Mermaid's quotes: marks as entities, one line. */
function entities(value: string): string {
  return value.replace(/[\s\x00-\x1F]+/g, ' ').replace(/[#"<>&`;]/g, (mark) => `#${mark.codePointAt(0)};`);
}
