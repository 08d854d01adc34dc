import { CodedError } from '@pod-patterns/kit';

/** Reasons for not reading a file that the system would allow; the `reason` in metrics and status. */
const refusalReasons = ['link_outside', 'own_file', 'not_regular', 'name_not_utf8'] as const;

export function refusal(reason: (typeof refusalReasons)[number], message: string): CodedError {
  return new CodedError(reason, message);
}

export function isRefusal(code: string | undefined): boolean {
  return refusalReasons.some((reason) => reason === code);
}
