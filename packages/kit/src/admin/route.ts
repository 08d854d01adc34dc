import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers one path of the admin port. Throwing makes a 500 with the error's one line. */
export type AdminHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A path of the admin port: closed, and to be read only, unless it says otherwise. */
export interface AdminRoute {
  readonly answer: AdminHandler;
  /** Allowed methods, default `GET`, which includes `HEAD`; `any` leaves the check to `answer`. */
  readonly methods?: readonly string[] | 'any';
  /** Open to everyone: health and metrics. Other paths need a caller on loopback, or `--admin-open`. */
  readonly isOpen?: boolean;
}

/** The methods in the form of `Allow`, or `any`. */
export function methodsOf({ methods = ['GET'] }: AdminRoute): readonly string[] | 'any' {
  return methods !== 'any' && methods.includes('GET') ? [...methods, 'HEAD'].sort() : methods;
}

/**
 * A request's target in origin form, `/a?b` also of `http://h/a?b#c`. Whatever a caller sends, it never throws; a target
 * that is no path (`*`) stays as it is, and nothing is served there.
 */
export function originForm(target = ''): string {
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*/s, '');
  return rest === '' || rest.startsWith('?') ? `/${rest}` : rest;
}

/** The path of a target as it was written. Never throws. */
export function pathOf(target?: string): string {
  return originForm(target).replace(/\?.*/s, '');
}
