import { DescribeClusterCommand, type EKSClient } from '@aws-sdk/client-eks';
import type { Instant } from '../../domain/observation.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { hourMs, minuteMs } from '../../units.ts';
import { attempt } from '../aws/to-port-error.ts';
import type { AccessSource, ClusterAccess } from './access.ts';
import { eksToken, type Signing } from './eks-token.ts';

/** A token is good for 15 minutes; one that is on its way must not end. */
const tokenLivesMs = 10 * minuteMs;

type Place = Omit<ClusterAccess, 'token'>;

/** A cluster of EKS: EKS says where it is, and who the functions are is their role. */
export class EksAccess implements AccessSource {
  readonly #cluster: string;
  readonly #eks: EKSClient;
  readonly #clock: Clock;
  #place: { readonly readAt: Instant; readonly place: Place } | undefined;
  #token: { readonly madeAt: Instant; readonly token: string } | undefined;

  constructor(cluster: string, eks: EKSClient, clock: Clock) {
    this.#cluster = cluster;
    this.#eks = eks;
    this.#clock = clock;
  }

  async access(): Promise<ClusterAccess> {
    const now = this.#clock.now();
    if (!this.#place || now - this.#place.readAt > hourMs)
      this.#place = { readAt: now, place: await this.#find() };
    // Where it is has taken its time, and the answer may have told what time it is there.
    const then = this.#clock.now();
    if (!this.#token || then - this.#token.madeAt > tokenLivesMs)
      this.#token = { madeAt: then, token: await this.#sign(then) };
    return { ...this.#place.place, token: this.#token.token };
  }

  forget(): void {
    this.#token = undefined;
    this.#place = undefined;
  }

  async #find(): Promise<Place> {
    const name = this.#cluster;
    const { cluster } = await attempt(`describe cluster ${name} of EKS`, () =>
      this.#eks.send(new DescribeClusterCommand({ name })),
    );
    const { endpoint, certificateAuthority, status } = cluster ?? {};
    if (endpoint === undefined)
      throw new PortError('Unavailable', `cluster ${name} of EKS is ${status}, and has no endpoint yet`);
    const data = certificateAuthority?.data;
    return {
      server: new URL(endpoint),
      ca: data === undefined ? undefined : Buffer.from(data, 'base64').toString(),
    };
  }

  async #sign(now: Instant): Promise<string> {
    const { region, credentials, sha256 } = this.#eks.config;
    const where = await region();
    const signing: Signing = { region: where, credentials, sha256 };
    return eksToken(this.#cluster, where, signing, new Date(now));
  }
}
