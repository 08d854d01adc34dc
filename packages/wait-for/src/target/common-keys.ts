import { count, defaulted, duration, type KeySet, optional, someText, toggle } from '../keys/key.ts';

/** Keys that every target has. */
export const commonKeys = {
  name: optional(someText, { hint: 'NAME', note: 'name of the target in all output; its URL by default' }),
  timeout: defaulted(duration, '2s', { note: 'time that one try may take' }),
  interval: defaulted(duration, '250ms', {
    note: 'longest pause after the first failure; it doubles with each failure',
  }),
  'max-interval': defaulted(duration, '5s', { note: 'upper limit of the pause' }),
  stable: defaulted(count, '1', {
    note: 'successes in a row that make it ready, for servers that flap while they start',
  }),
  deadline: optional(duration, {
    hint: 'DURATION',
    note: 'time from the start after which wait-for gives up on this target and times out',
  }),
  optional: toggle({ note: 'try it without waiting for it; the summary names it' }),
  not: toggle({
    note: 'ready when it is absent: refused, missing or not found; a timeout does not prove that',
  }),
} satisfies KeySet;
