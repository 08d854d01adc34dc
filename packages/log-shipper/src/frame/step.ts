import type { Pattern } from '../pattern/pattern.ts';

/** Lines of one event: all lines up to one that starts the next, or the lines that steps lead to. */
export type Multiline = { readonly starts: Pattern } | { readonly steps: readonly Step[] };

/** A step from one state to another, for a matching line. A line without a step begins a new event. */
export interface Step {
  readonly from: State;
  readonly line: RegExp;
  readonly to: State;
  /** The line belongs to the event only if a later line certainly does. */
  readonly ifOthersFollow?: true;
}

/** `first`: before the first line of an event, `event`: after that of any event. */
export type State = 'first' | 'event' | 'trace' | 'blank' | JavaState | PythonState | NodeState;
type JavaState = 'raised' | 'message' | 'longer message';
type PythonState = 'frames' | 'raised' | 'chained' | 'group' | 'statement';
type NodeState = 'source' | 'caret';
