import type { Path, Position } from '../load/position.ts';

/** What the API server would refuse an object for, by the rule that says so. */
export interface Fault {
  readonly rule:
    | 'unknown-field'
    | 'wrong-type'
    | 'invalid-value'
    | 'missing-field'
    | 'forbidden-field'
    | 'duplicate-name'
    | 'duplicate-key'
    | 'missing-volume';
  readonly path: Path;
  readonly message: string;
  /** Where it is not the path's. */
  readonly position?: Position;
}

/** Takes faults as they are found. */
export type Report = (rule: Fault['rule'], path: Path, message: string) => void;
