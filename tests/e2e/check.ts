import type { App } from './app.ts';
import type { Kubectl } from './kubectl.ts';

/** A row of the table: what is promised, and a way to see it. It throws when the promise is broken. */
export interface Row<Subject> {
  readonly title: string;
  /** @returns what was seen, in figures */
  readonly see: (subject: Subject) => Promise<string>;
}

/** Of the application, which is deployed once for all of them. */
export type AppCheck = Row<App>;
/** Of the cluster: brings all that it needs, and takes it away. */
export type ClusterCheck = Row<Kubectl>;
