import fc from 'fast-check';

/** In every part of a secret, so that a leaked piece is noticed. */
export const mark = 'zQ7x';

const secretOf = (odd: readonly string[]) =>
  fc
    .array(fc.constantFrom(...odd), { minLength: 1, maxLength: 4 })
    .map((between) => `${mark}${between.map((one) => one + mark).join('')}`);

/** A realistic secret with characters that split a URL. */
export const oddSecret = secretOf([...' @/?#:%&=;[]"\'\\ä,', '%41', '%40', '//']);
/** A secret of one word. */
export const wordSecret = secretOf([...'@:%-!$*+~ä', '%41', '%40']);

/** Positions of a secret, in valid URLs of all programs and in broken ones. */
export const secretUrls = [
  ...['redis://user:SECRET@h:6379/0', 'rediss://:SECRET@[::1]:1', 'https://user:SECRET@h/x#compression=gzip'],
  ...[
    'http://u:SECRET@h:9101',
    'loki+http://u:SECRET@h',
    'postgres://u:SECRET@h/db',
    'https://h/x?token=SECRET',
  ],
  ...['https://h/x?a=1&Api_Key=SECRET&db=2', 'https://h#shared-key=SECRET', 'unix:/run/x?password=SECRET'],
  ...[
    'https://h/in#bearr=SECRET',
    'rediss://h?cax=SECRET',
    'redis://u:SECRET@h:70000',
    '(redis://u:SECRET@h',
  ],
  ...['redis//u:SECRET@h', 'redis:/u:SECRET@h', 'u:SECRET@h:6379', 'redis://u:SECRET@', 'htp://u:SECRET@h'],
];

export const urlWith = (url: string, secret: string) => url.replace('SECRET', () => secret);
