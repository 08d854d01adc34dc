/** Edits of a line's labels before a rule adds its own: keep, drop, then rename. */
export interface LabelEdits {
  /** The only labels to keep; undefined keeps all. */
  readonly keep: ReadonlySet<string> | undefined;
  readonly drop: ReadonlySet<string>;
  /** From the old name to the new one. */
  readonly rename: ReadonlyMap<string, string>;
}

export const noLabelEdits: LabelEdits = { keep: undefined, drop: new Set(), rename: new Map() };

/** Applies the edits; a renamed label replaces one that already has its new name. */
export function editLabels(
  labels: ReadonlyMap<string, string>,
  { keep, drop, rename }: LabelEdits,
): Map<string, string> {
  if (keep === undefined && drop.size === 0 && rename.size === 0) return new Map(labels);
  const kept = [...labels].filter(([name]) => (keep?.has(name) ?? true) && !drop.has(name));
  const renamed = kept.filter(([name]) => rename.has(name));
  const edited = new Map(kept.filter(([name]) => !rename.has(name)));
  for (const [name, value] of renamed) edited.set(rename.get(name) ?? name, value);
  return edited;
}
