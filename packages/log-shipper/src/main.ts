import { runService } from '@pod-patterns/kit';
import { findFaults } from './check.ts';
import { explain } from './explain/explain.ts';
import { program } from './options.ts';
import { start } from './start.ts';

void runService(program, start, {
  findFaults,
  answer: (config) =>
    config.explain === undefined ? undefined : explain(config.explain, config, Date.now()),
});
