/** Memory in use before garbage is measured: a little more than after the first try. */
const firstBytes = 11_000_000;
/** Garbage that may accumulate after that. */
const garbageBytes = 3_000_000;

/**
 * Makes a function that collects large amounts of garbage. V8 alone lets it grow by 60 MB and more over many tries,
 * which counts against the limit of the container.
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

/** V8 has the function only in contexts that are created after the flag is set. */
function findGc(): (() => void) | undefined {
  process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
  const gc: unknown = process.getBuiltinModule('node:vm').runInNewContext('gc');
  return typeof gc === 'function' ? () => void gc() : undefined;
}
