import { commandLine } from '../pod/environment.ts';
import type { Rule } from './rule.ts';

const migrates =
  /\b(migrate|migrations?|flyway|liquibase|alembic\s+upgrade|db:migrate|dbmate|golang-migrate)\b/i;

export const migrationInInit: Rule = {
  id: 'migration-in-init',
  severity: 'warning',
  why: 'Every replica runs its init containers, at every restart, and several run at once in a rollout. A migration there runs many times and races with itself, and a rollback runs the old migration against the new schema.',
  fix: 'Run the migration once, as a Job or release hook that takes a lock, and let the pods wait for it.',
  link: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/',
  check: {
    *pod(pod) {
      if (pod.isJob || pod.object.kind === 'Pod' || pod.replicas < 2) return;
      for (const container of pod.containers.filter(({ form }) => form === 'init')) {
        if (
          !migrates.test(
            `${container.name.replaceAll('-', ' ')} ${container.spec.image ?? ''} ${commandLine(container)}`,
          )
        )
          continue;
        yield {
          path: container.path,
          container: container.name,
          message: `${container.name} runs a migration in each of ${pod.replicas} replicas`,
        };
      }
    },
  },
};
