type Good<Result> = Extract<Result, { readonly ok: true }>;
type Bad<Result> = Exclude<Result, { readonly ok: true }>;

/**
 * Starts the first item, and the next after each failure or after `headStartMs`. Returns the first success and aborts all
 * others; without a success, returns all failures in the order of the items.
 */
export async function staggered<Item, Result extends { readonly ok: boolean }>(
  items: readonly Item[],
  begin: (item: Item, lost: AbortSignal) => Promise<Result>,
  headStartMs: number,
): Promise<Good<Result> | ReadonlyArray<Bad<Result>>> {
  const begun: AbortController[] = [];
  const failures = new Map<number, Bad<Result>>();
  const { promise, resolve, reject } = Promise.withResolvers<Good<Result> | ReadonlyArray<Bad<Result>>>();
  let timer: NodeJS.Timeout | undefined;
  let isDecided = false;
  const end = (index: number, result: Result) => {
    if (isDecided) return;
    if (isGood(result)) {
      isDecided = true;
      resolve(result);
      for (const [other, own] of begun.entries()) if (other !== index) own.abort();
      return;
    }
    failures.set(index, result as Bad<Result>); // what is not good is bad
    if (failures.size < items.length) return beginNext();
    resolve(items.map((_, at) => failures.get(at)).filter((failure) => failure !== undefined));
  };
  const beginNext = () => {
    clearTimeout(timer);
    const index = begun.length;
    const item = items[index];
    if (item === undefined) return;
    const own = new AbortController();
    begun.push(own);
    timer = setTimeout(beginNext, headStartMs);
    begin(item, own.signal).then((result) => end(index, result), reject);
  };
  if (items.length === 0) resolve([]);
  beginNext();
  return promise.finally(() => clearTimeout(timer));
}

function isGood<Result extends { readonly ok: boolean }>(result: Result): result is Good<Result> {
  return result.ok;
}
