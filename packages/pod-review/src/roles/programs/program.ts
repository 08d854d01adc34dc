/** Facts about a program, by its name. */
export interface Program {
  /**
   * A `web-server` is an app when it is alone and a proxy when it stands before one; a `runtime` runs whatever it is
   * given, an app as a rule; the command of a `tool` decides.
   */
  readonly kind: 'datastore' | 'proxy' | 'adaptor' | 'sidecar' | 'app' | 'web-server' | 'runtime' | 'tool';
  /** Completes "image x: …". */
  readonly what: string;
  /** Speaks HTTP only: as a proxy it cannot stand before a datastore that speaks another protocol. */
  readonly isHttp?: boolean;
  /** For a proxy: stands before the app, or speaks for it. */
  readonly direction?: 'inbound' | 'outbound';
  /** Asks the API of Kubernetes with the token of its pod. */
  readonly usesToken?: boolean;
}

/** A program with the names that its images have, the last part or two of their path. */
export type Row = readonly [program: Program, names: string];
