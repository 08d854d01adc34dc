import { runService } from '@pod-patterns/kit';
import { findFaults } from './check.ts';
import { program } from './options.ts';
import { start } from './start.ts';

void runService(program, start, { findFaults });
