import * as schemas from '@aws-sdk/client-eks';
import { z } from 'zod';
import type { Cloud } from '../cloud.ts';
import {
  type AuthorizationTarget,
  type Instant,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';

/** Where a cluster's API is, and how a client knows it again. */
export interface EksEndpoint {
  readonly url: string;
  /** Of its authority, in PEM. */
  readonly certificate: string;
  /** Reached from its VPC alone. */
  readonly isPrivate?: boolean;
}

interface Cluster extends EksEndpoint {
  readonly name: string;
  readonly createdAt: Instant;
  /** Groups of Kubernetes by the ARN of a role. */
  readonly entries: Map<string, readonly string[]>;
}

/** Who somebody is in a cluster. */
export interface EksUser {
  readonly name: string;
  readonly groups: readonly string[];
}

const accessEntry = z.strictObject({
  ClusterName: z.string(),
  PrincipalArn: z.string(),
  KubernetesGroups: z.array(z.string()).default([]),
  Type: z.enum(['STANDARD']).optional(),
});

/** How long after it was signed the authenticator takes a token. */
const tokenLivesMs = 15 * 60_000;
const tokenPrefix = 'k8s-aws-v1.';

/** EKS: where the clusters are that run somewhere else. What runs in them is the business of their own API. */
export class Eks implements Service {
  readonly signingName = 'eks';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: Cloud;
  readonly #clusters = new Map<string, Cluster>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.resources = [this.#accessEntryType()];
    this.operations = {
      DescribeCluster: ({ name }: schemas.DescribeClusterRequest) => {
        const cluster = this.#clusters.get(name!);
        if (!cluster)
          throw new ServiceError('ResourceNotFoundException', `No cluster found for name: ${name}.`, 404);
        return { cluster: this.#describe(cluster) };
      },
      ListClusters: () => ({ clusters: [...this.#clusters.keys()] }),
    };
  }

  /** A cluster that is there. */
  seed(name: string, endpoint: EksEndpoint): void {
    const createdAt = this.#cloud.eventQueue.now();
    this.#clusters.set(name, { name, createdAt, entries: new Map(), ...endpoint });
  }

  /**
   * Who signed a token, as the cluster's authenticator finds it: by access entries, of which the account's owner needs none.
   * Signatures are not verified: on loopback the key alone says who calls.
   * @returns undefined: it is not accepted
   */
  userOf(cluster: string, token: string): EksUser | undefined {
    if (!token.startsWith(tokenPrefix)) return undefined;
    const text = Buffer.from(token.slice(tokenPrefix.length), 'base64url').toString();
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const query = url?.searchParams;
    const signedHeaders = query?.get('X-Amz-SignedHeaders')?.split(';') ?? [];
    if (!url?.hostname.startsWith('sts.') || query?.get('Action') !== 'GetCallerIdentity') return undefined;
    if (!signedHeaders.includes('x-k8s-aws-id')) return undefined;
    const age = this.#cloud.eventQueue.now() - signedAt(query.get('X-Amz-Date') ?? '');
    if (!(Math.abs(age) <= tokenLivesMs)) return undefined;
    const key = query.get('X-Amz-Credential')?.split('/')[0] ?? '';
    const principal = this.#cloud.credentials.principalOf(key);
    if (!principal) return undefined;
    if (principal.kind === 'owner') return { name: principal.arn, groups: ['system:masters'] };
    // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
    const role = principal.arn.split('/')[1]!;
    const arn = `arn:aws:iam::${this.#cloud.account}:role/${role}`;
    const groups = this.#clusters.get(cluster)?.entries.get(arn);
    return groups && { name: principal.arn, groups };
  }

  authorization(operation: string, { name }: { name?: string }): AuthorizationTarget[] {
    return [{ action: `eks:${operation}`, resources: [name === undefined ? '*' : this.#arn(name)] }];
  }

  /** Grants nothing by itself: the cluster's own roles say what its groups may do. */
  #accessEntryType(): ResourceType<z.output<typeof accessEntry>> {
    const put = ({ ClusterName, PrincipalArn, KubernetesGroups }: z.output<typeof accessEntry>) => {
      const cluster = this.#clusters.get(ClusterName);
      if (!cluster)
        throw new ServiceError(
          'ResourceNotFoundException',
          `No cluster found for name: ${ClusterName}.`,
          404,
        );
      cluster.entries.set(PrincipalArn, KubernetesGroups);
      const arn = `${this.#arn(ClusterName).replace(':cluster/', ':access-entry/')}/${PrincipalArn.split('/').at(-1)}`;
      return { physicalId: `${PrincipalArn}|${ClusterName}`, attributes: { AccessEntryArn: arn } };
    };
    return {
      type: 'AWS::EKS::AccessEntry',
      properties: accessEntry,
      create: put,
      update: (_id, next) => put(next),
      delete: (_id, { ClusterName, PrincipalArn }) =>
        void this.#clusters.get(ClusterName)?.entries.delete(PrincipalArn),
    };
  }

  #describe({ name, createdAt, url, certificate, isPrivate = false }: Cluster): schemas.Cluster {
    return {
      name,
      arn: this.#arn(name),
      createdAt: new Date(createdAt),
      version: '1.34',
      status: 'ACTIVE',
      endpoint: url,
      certificateAuthority: { data: Buffer.from(certificate).toString('base64') },
      resourcesVpcConfig: {
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        clusterSecurityGroupId: 'sg-0a1b2c3d4e5f60718',
        endpointPublicAccess: !isPrivate,
        endpointPrivateAccess: isPrivate,
        publicAccessCidrs: isPrivate ? [] : ['0.0.0.0/0'],
      },
      accessConfig: { authenticationMode: 'API' },
    };
  }

  #arn(name: string): string {
    return `arn:aws:eks:${this.#cloud.region}:${this.#cloud.account}:cluster/${name}`;
  }
}

/** `20260304T110000Z`, as signatures have it. */
function signedAt(text: string): Instant {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
