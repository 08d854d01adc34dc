import type { Program } from '@pod-patterns/kit';
import { program as shipper } from '../../packages/log-shipper/src/options.ts';
import { program as review } from '../../packages/pod-review/src/options.ts';
import { program as ambassador } from '../../packages/redis-ambassador/src/options.ts';
import { program as adaptor } from '../../packages/statsd-adaptor/src/options.ts';
import { program as waitFor } from '../../packages/wait-for/src/options.ts';
import { program as web } from '../../packages/web/src/options.ts';

/** Every program, as its user sees it. */
export const programs: readonly Program[] = [web, shipper, adaptor, ambassador, waitFor, review];
