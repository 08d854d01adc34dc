import type { Review } from '../review.ts';
import { githubReport } from './github.ts';
import { jsonReport } from './json.ts';
import { sarifReport } from './sarif.ts';
import { textReport } from './text.ts';

export interface ReportOptions {
  readonly format: string;
  readonly hasColour: boolean;
  /** Version of this program, for formats that name their producer. */
  readonly version: string;
}

/** The review in the form that was asked for; text unless it is another. */
export function report(review: Review, { format, hasColour, version }: ReportOptions): string {
  if (format === 'json') return jsonReport(review);
  if (format === 'sarif') return sarifReport(review, version);
  return format === 'github' ? githubReport(review) : textReport(review, { hasColour });
}
