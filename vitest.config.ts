import { defineConfig } from 'vitest/config';

const setupFiles = ['tests/property-seed.ts'];

/**
 * unit: beside the code, no process, no network beyond loopback, a second or two in all.
 * integration: real processes, Redis, files and sockets on this machine.
 * containers: needs a Docker engine and the images that `make images` builds.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles,
          include: ['packages/*/{src,testing}/**/*.test.ts', 'tests/*/*.test.ts'],
          // without this one core of two stays idle
          maxWorkers: '100%',
          // properties on real files take seconds on a busy machine
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          setupFiles,
          include: ['packages/*/test/**/*.it.ts', 'tests/*/*.it.ts'],
          globalSetup: ['tests/build-bundles.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          // after the unit tests, which have another number of workers
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'containers',
          setupFiles,
          include: ['packages/*/test/**/*.docker.ts', 'tests/*/*.docker.ts'],
          globalSetup: ['tests/build-bundles.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          maxConcurrency: 2,
        },
      },
    ],
  },
});
