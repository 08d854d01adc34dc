import fc from 'fast-check';

/**
 * Vitest's set-up of every suite. Properties run with another seed each time, which is printed when one fails;
 * in CI with the same one, so that a change is judged by what it changes.
 */
if (process.env['CI'] === 'true') fc.configureGlobal({ seed: 1_095_216_660 });
