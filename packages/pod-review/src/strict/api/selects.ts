import { asRecord } from '../../record.ts';

/** Whether a label selector (`matchLabels`, `matchExpressions`) takes these labels in; an empty one takes all. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { matchLabels, matchExpressions } = asRecord(selector);
  const isMatch = Object.entries(asRecord(matchLabels)).every(([key, value]) => labels[key] === value);
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  return isMatch && expressions.every((expression) => holds(asRecord(expression), labels));
}

function holds(
  { key, operator, values }: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const label = typeof key === 'string' ? labels[key] : undefined;
  const isAmong = Array.isArray(values) && label !== undefined && values.includes(label);
  if (operator === 'In') return isAmong;
  if (operator === 'NotIn') return !isAmong;
  if (operator === 'Exists') return label !== undefined;
  return operator === 'DoesNotExist' ? label === undefined : true;
}
