import type { Pattern } from '../pattern/pattern.ts';

/** Which lines belong to one event: all but those that begin one, or those that a step leads to. */
export type Multiline = { readonly starts: Pattern } | { readonly steps: readonly Step[] };

/** From one state to another by a line that matches. A line for which there is no such step begins a new event. */
export interface Step {
  readonly from: State;
  readonly line: RegExp;
  readonly to: State;
  /** The line belongs to the event only if a later one surely does. */
  readonly ifOthersFollow?: true;
}

/** `first`: before the first line of an event, `event`: after that of any event. */
export type State = 'first' | 'event' | 'trace' | 'blank' | JavaState | PythonState | NodeState;
type JavaState = 'raised' | 'message' | 'longer message';
type PythonState = 'frames' | 'raised' | 'chained' | 'group' | 'statement';
type NodeState = 'source' | 'caret';
