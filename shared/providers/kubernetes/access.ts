/** What it takes to reach a cluster's API. */
export interface ClusterAccess {
  readonly server: URL;
  /** Certificates to trust, in PEM; undefined: the usual ones. */
  readonly ca?: string | undefined;
  readonly token: string;
}

/** Finds it, and finds it anew where the cluster has refused it. */
export interface AccessSource {
  access(): Promise<ClusterAccess>;
  forget(): void;
}
