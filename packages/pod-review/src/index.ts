export { gracePeriodSeconds, startOrder, stopOrder } from './pod/orders.ts';
export { type Finding, type Review, type ReviewedPod, type ReviewOptions, review } from './review.ts';
export type { Severity } from './rules/rule.ts';
export { effectiveRequests, type Requests } from './strict/api/requests.ts';
export type { SourceFile } from './strict/load/find-files.ts';
