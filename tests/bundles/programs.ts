import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export { programs } from '../../scripts/packages.ts';

export const bundleOf = (name: string): string => `packages/${name}/dist/${name}.js`;
