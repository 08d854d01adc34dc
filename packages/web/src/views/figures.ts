import type { Container, PodState } from '../pod/container.ts';
import { formatFigure } from './format-figure.ts';
import { type Html, html } from './html.ts';

/** Where a figure of the picture comes from: a container and one of its figures. */
export interface FigureSource {
  readonly of: string;
  readonly figure: string;
  readonly unit: 'rate' | 'count' | 'bytes' | 'ms' | 'seconds' | 'text';
}

export function containerOf(pod: PodState, name: string): Container | undefined {
  return pod.containers.find((container) => container.name === name);
}

/** A figure that the page's script keeps up to date: it finds where it belongs in the attributes. */
export function figure(pod: PodState, { of, figure: name, unit }: FigureSource): Html {
  const value = containerOf(pod, of)?.figures[name];
  return html`<span data-figure="${of} ${name} ${unit}">${formatFigure(value, unit)}</span>`;
}
