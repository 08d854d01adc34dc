import type { Path, Position } from '../load/position.ts';

/** Reason for the API server to refuse an object, with its rule. */
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
