import { compareQuantities, parseQuantity, type Quantity } from '../api/quantity.ts';
import { dnsLabel, qualifiedName } from './names.ts';
import type { Place } from './place.ts';

export interface Resources {
  readonly requests?: Readonly<Record<string, string | number>> | undefined;
  readonly limits?: Readonly<Record<string, string | number>> | undefined;
  readonly claims?: readonly { readonly name: string; readonly request?: string | undefined }[] | undefined;
}

const none: Quantity = { units: 0n, scale: 0 };

/** Names, amounts, and that no request is above its limit. */
export function validateResources(
  resources: Resources | undefined,
  claims: ReadonlySet<string>,
  place: Place,
): void {
  const { requests = {}, limits = {} } = resources ?? {};
  validateAmounts(limits, place.at('limits'));
  validateAmounts(requests, place.at('requests'));
  for (const [name, value] of Object.entries(requests)) {
    const here = place.at('requests', name);
    const request = parseQuantity(value);
    const limit = Object.hasOwn(limits, name) ? parseQuantity(limits[name]) : undefined;
    if (request === undefined) continue;
    if (limit === undefined) {
      if (!isOvercommitted(name)) place.at('limits').missing(`${name} needs a limit equal to its request`);
    } else if (!isOvercommitted(name) && compareQuantities(request, limit) !== 0) {
      here.invalid(`${value} must be equal to the limit of ${limits[name]}`);
    } else if (compareQuantities(request, limit) > 0) {
      here.invalid(`${value} is more than the limit of ${limits[name]}`);
    }
  }
  const names = [...Object.keys(requests), ...Object.keys(limits)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    place.forbidden('huge pages need a request or limit for cpu or memory');
  }
  const taken: string[] = [];
  for (const [index, { name, request = '' }] of (resources?.claims ?? []).entries()) {
    const here = place.at('claims', index);
    if (request !== '') here.at('request').check(dnsLabel(request));
    // a claim without a request is all of its requests
    const key = `${name}/${request}`;
    const isTaken = taken.some(
      (other) => other === key || other === `${name}/` || (request === '' && other.startsWith(key)),
    );
    if (name !== '' && isTaken) here.duplicate(name);
    taken.push(key);
    if (name === '') here.at('name').missing();
    else if (!claims.has(name)) here.at('name').invalid(`the pod has no resource claim ${name}`);
  }
}

function validateAmounts(amounts: Readonly<Record<string, string | number>>, place: Place): void {
  for (const [name, value] of Object.entries(amounts)) {
    const here = place.at(name);
    here.check(qualifiedName(name));
    if (!name.includes('/') && !isStandard(name)) {
      here.invalid(
        `${JSON.stringify(name)} is not one of cpu, memory, ephemeral-storage, hugepages-SIZE; others have a domain`,
      );
    }
    const quantity = parseQuantity(value);
    if (quantity === undefined) continue;
    if (compareQuantities(quantity, none) < 0) here.invalid(`${value} must not be negative`);
    if (isExtended(name) && quantity.units % 10n ** BigInt(quantity.scale) !== 0n) {
      here.invalid(`${value} must be an integer`);
    }
    if (name.startsWith('requests.')) here.invalid('the name of a resource must not begin with requests.');
    if (isHugePages(name) && !isMultiple(quantity, parseQuantity(name.slice('hugepages-'.length))))
      here.invalid(`${value} is not a multiple of ${name.slice('hugepages-'.length)}`);
  }
}

/** Whether an amount is a whole number of a size, which is more than none. */
function isMultiple(amount: Quantity, size: Quantity | undefined): boolean {
  if (size === undefined || size.units <= 0n) return false;
  const scale = BigInt(Math.max(amount.scale, size.scale));
  const whole = ({ units, scale: own }: Quantity) => units * 10n ** (scale - BigInt(own));
  return whole(amount) % whole(size) === 0n;
}

const isHugePages = (name: string) => name.startsWith('hugepages-');
const isStandard = (name: string) =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) || isHugePages(name);
const isExtended = (name: string) => name.includes('/') && !/(^|\.)kubernetes\.io\//.test(name);
const isOvercommitted = (name: string) => !isHugePages(name) && !isExtended(name);
