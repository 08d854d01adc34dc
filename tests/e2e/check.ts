import type { App } from './app.ts';
import type { Kubectl } from './kubectl.ts';

/** A row of the table: a promise, and a check that throws if it is broken. */
export interface Row<Subject> {
  readonly title: string;
  /** @returns the result, in figures */
  readonly see: (subject: Subject) => Promise<string>;
}

/** A check of the application, which is deployed once for all of these. */
export type AppCheck = Row<App>;
/** A check of the cluster, which deploys and deletes everything that it needs. */
export type ClusterCheck = Row<Kubectl>;
