/** Sources for the amount of memory. */
export interface MemorySource {
  /** Node's `process.constrainedMemory()`: of cgroup v1 or v2; 0 or more than the machine has without a limit. */
  readonly constrainedBytes: number;
  readonly machineBytes: number;
}

/** The memory that this container may use, in bytes; undefined without a limit of its own. */
export function containerMemory({ constrainedBytes, machineBytes }: MemorySource): number | undefined {
  return constrainedBytes > 0 && constrainedBytes < machineBytes ? constrainedBytes : undefined;
}

export interface BoundRule {
  /** The option's value, which always wins. */
  readonly asked: number | undefined;
  /** Part of the container's memory to take otherwise, from 0 to 1 … */
  readonly share: number;
  /** … of the memory beyond this many bytes, default 0 … */
  readonly besideBytes?: number;
  /** … in units of this many bytes, default 1. */
  readonly unitBytes?: number;
  /** … and at least this, however small the container is; 1. */
  readonly least?: number;
  /** The bound where the container has no limit. */
  readonly otherwise: number;
}

export interface Bound {
  readonly value: number;
  readonly from: 'option' | 'container' | 'default';
  /** Whether it alone exceeds the memory of the container. */
  readonly isTooLarge: boolean;
}

/** Settles a bound: the option, else a share of the container's memory, else the default. */
export function settleBound(rule: BoundRule, limitBytes: number | undefined): Bound {
  const { asked, share, besideBytes = 0, unitBytes = 1, least = 1, otherwise } = rule;
  if (asked !== undefined) {
    return {
      value: asked,
      from: 'option',
      isTooLarge: asked * unitBytes > (limitBytes ?? asked * unitBytes),
    };
  }
  if (limitBytes === undefined) return { value: otherwise, from: 'default', isTooLarge: false };
  const value = Math.max(least, Math.floor(((limitBytes - besideBytes) * share) / unitBytes));
  return { value, from: 'container', isTooLarge: false };
}
