import { join } from 'node:path';
import { versionFaults, versionOf } from './agreement.ts';
import { readTree } from './tree.ts';

/**
 * node scripts/release/check-version.ts [TAG]
 *
 * Prints `VERSION=<version>` if packages, images, manifests, changelog and the release's tag agree. Otherwise prints a
 * line for each place that differs, and exits 1.
 */
const tree = readTree(join(import.meta.dirname, '../..'));
const faults = versionFaults(tree, process.argv[2]);
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`VERSION=${versionOf(tree)}`);
process.exitCode = faults.length === 0 ? 0 : 1;
