import { count, defaulted, duration, type KeySet, optional, someText, toggle } from '../keys/key.ts';

/** Keys that every target has. */
export const commonKeys = {
  name: optional(someText, { hint: 'NAME', note: 'how the target is called in all output; else its URL' }),
  timeout: defaulted(duration, '2s', { note: 'how long one try may take' }),
  interval: defaulted(duration, '250ms', {
    note: 'the longest pause after the first failure; it doubles with each',
  }),
  'max-interval': defaulted(duration, '5s', { note: 'the longest pause' }),
  stable: defaulted(count, '1', {
    note: 'how many successes in a row make it ready, for servers that flap while they start',
  }),
  deadline: optional(duration, {
    hint: 'DURATION',
    note: 'from the start; then the target is given up, and with it the whole',
  }),
  optional: toggle({ note: 'is tried, keeps nobody waiting, is named at the end' }),
  not: toggle({
    note: 'ready when it is not there: refused, missing, not found. No answer is no proof of that',
  }),
} satisfies KeySet;
