/** How much may be in use before it is looked at: a little more than a process has that has tried once. */
const firstBytes = 11_000_000;
/** How much garbage may gather then. */
const garbageBytes = 3_000_000;

/**
 * Makes a function that collects garbage where there is much. V8 alone lets that of many tries grow by 60 MB and more, as a
 * machine has memory enough; the limit of a container counts it all the same.
 */
export function makeTidy(
  usedBytes = usedByV8,
  findCollect: () => (() => void) | undefined = findGc,
): () => void {
  let collect: (() => void) | undefined;
  let mostBytes = firstBytes;
  let hasCollected = false;
  return () => {
    const used = usedBytes();
    // free memory is known only after a moment
    if (hasCollected) mostBytes = Math.max(firstBytes, used + garbageBytes);
    hasCollected = used >= mostBytes;
    if (!hasCollected) return;
    collect ??= findCollect() ?? (() => {});
    collect();
  };
}

function usedByV8(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** V8 has the function in contexts that are made once it was told to. */
function findGc(): (() => void) | undefined {
  process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  const gc: unknown = process.getBuiltinModule('node:vm').runInNewContext('gc');
  return typeof gc === 'function' ? () => void gc() : undefined;
}
