import type { KubernetesCluster } from '../../fleet/kubernetes.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { AccessSource, ClusterAccess } from './access.ts';

type Stored = Extract<KubernetesCluster, { server: string }>;

/** Any other cluster: the fleet file says where it is, and which secret has the token of a service account. */
export class StoredAccess implements AccessSource {
  readonly #cluster: Stored;
  readonly #secrets: Secrets;

  constructor(cluster: Stored, secrets: Secrets) {
    this.#cluster = cluster;
    this.#secrets = secrets;
  }

  async access(): Promise<ClusterAccess> {
    const { server, caData, token: secret } = this.#cluster;
    const { token } = await this.#secrets.read(secret, ['token']);
    const ca = caData === undefined ? undefined : Buffer.from(caData, 'base64').toString();
    return { server: new URL(server), ca, token: token.trim() };
  }

  forget(): void {
    this.#secrets.forget(this.#cluster.token);
  }
}
