import { visible } from '@pod-patterns/kit';
import { startOrder, stopOrder } from '../pod/orders.ts';
import type { Finding, Review, ReviewedPod } from '../review.ts';
import type { Severity } from '../rules/rule.ts';
import { counted } from './words.ts';

/** All that comes from a manifest is painted, if only plain: its author is not to steer the reader's terminal. */
type Paint = (text: string) => string;

interface Palette {
  readonly error: Paint;
  readonly warning: Paint;
  readonly info: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
}

const paint =
  (code: number): Paint =>
  (text) =>
    `\u001B[${code}m${visible(text)}\u001B[0m`;
const plain: Paint = visible;

const colours: Palette = {
  error: paint(31),
  warning: paint(33),
  info: paint(36),
  strong: paint(1),
  faint: paint(2),
};
const noColours: Palette = { error: plain, warning: plain, info: plain, strong: plain, faint: plain };

/** The review for people: each pod with the roles of its containers, then the findings, then a sum. */
export function textReport(review: Review, { hasColour }: { hasColour: boolean }): string {
  const palette = hasColour ? colours : noColours;
  const blocks = [
    ...review.pods.map((reviewed) => podBlock(reviewed, palette)),
    ...review.findings.map((finding) => findingBlock(finding, palette)),
    `${summary(review)}\n`,
  ];
  return blocks.join('\n');
}

function podBlock({ pod, verdict }: ReviewedPod, palette: Palette): string {
  const { object, position, containers } = pod;
  const place = palette.faint(`${object.source.file}:${position.line}`);
  const said = verdict === 'fine' ? palette.strong(verdict) : palette.error(verdict);
  const width = Math.max(0, ...containers.map(({ name }) => plain(name).length));
  const rows = containers.map(({ name, role, why }) => {
    return `  ${plain(name).padEnd(width)}  ${role.padEnd(10)}  ${palette.faint(why.join('; '))}`;
  });
  const orders = [
    `  ${palette.faint(`starts ${arrows(startOrder(pod.spec))}`)}`,
    `  ${palette.faint(`stops  ${arrows(stopOrder(pod.spec))}`)}`,
  ];
  return [
    `${place}  ${palette.strong(pod.id)}: ${said}`,
    ...rows,
    ...(containers.length > 1 ? orders : []),
    '',
  ].join('\n');
}

function arrows(order: readonly (readonly string[])[]): string {
  return order.map((group) => group.join(' + ')).join(' → ');
}

function findingBlock(
  { rule, severity, file, line, column, pod, message, fix }: Finding,
  palette: Palette,
): string {
  const where = plain(`${file}:${line}:${column}`);
  const about = pod === null ? '' : ` ${palette.faint(pod)}`;
  return `${where}: ${palette[severity](severity)} ${palette.strong(rule)}${about}\n  ${plain(message)}\n  ${palette.faint(`fix: ${fix}`)}\n`;
}

function summary({ files, pods, findings }: Review): string {
  const wrong = pods.filter(({ verdict }) => verdict === 'inappropriate').length;
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const pod = `${counted(pods.length, 'pod')} in ${counted(files, 'file')}${wrong > 0 ? `, ${wrong} inappropriate` : ''}`;
  return `${pod}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${count('info')} info`;
}
