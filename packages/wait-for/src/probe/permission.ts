/** A right that the API of Kubernetes has denied, as RBAC names it. */
export interface Permission {
  readonly verb: 'get' | 'list';
  readonly group: string;
  readonly resource: string;
  /** None for a list, which cannot be narrowed by name. */
  readonly name: string | undefined;
  /** Undefined for a kind without namespaces. */
  readonly namespace: string | undefined;
  /** Account that asked. */
  readonly account: Account;
}

/** A service account. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}
