import type { Handler } from '../http/exchange.ts';
import type { Methods } from '../http/resource.ts';

/** `/api/errors`: fails on purpose, so that there is a stack trace to follow to the log backend. */
export function errorsResource(): Methods {
  const fail: Handler = () => {
    try {
      JSON.parse('{"price": }');
    } catch (cause) {
      throw new Error('the price list cannot be read (requested at /api/errors)', { cause });
    }
  };
  return { post: [fail] };
}
