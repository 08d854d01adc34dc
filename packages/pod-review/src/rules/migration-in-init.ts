import { commandLine } from '../pod/environment.ts';
import type { Rule } from './rule.ts';

const migrates =
  /\b(migrate|migrations?|flyway|liquibase|alembic\s+upgrade|db:migrate|dbmate|golang-migrate)\b/i;

export const migrationInInit: Rule = {
  id: 'migration-in-init',
  severity: 'warning',
  why: 'Every replica runs its init containers, at every restart, several at once in a rollout: a migration there runs many times, races with itself, and a rollback runs the old one against the new schema.',
  fix: 'Run the migration once as a Job (or a hook of the release) that takes a lock, and let the pods wait for its outcome.',
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
          message: `${container.name} migrates in each of ${pod.replicas} replicas`,
        };
      }
    },
  },
};
