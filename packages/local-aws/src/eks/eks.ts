import * as schemas from '@aws-sdk/client-eks';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Instant,
  type Operation,
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
}

/** EKS: where the clusters are that run somewhere else. What runs in them is the business of their own API. */
export class Eks implements Service {
  readonly signingName = 'eks';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  readonly #clusters = new Map<string, Cluster>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
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
    this.#clusters.set(name, { name, createdAt: this.#cloud.eventQueue.now(), ...endpoint });
  }

  authorization(operation: string, { name }: { name?: string }): AuthorizationTarget[] {
    return [{ action: `eks:${operation}`, resources: [name === undefined ? '*' : this.#arn(name)] }];
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
      resourcesVpcConfig: { endpointPublicAccess: !isPrivate, endpointPrivateAccess: isPrivate },
      accessConfig: { authenticationMode: 'API' },
    };
  }

  #arn(name: string): string {
    return `arn:aws:eks:${this.#cloud.region}:${this.#cloud.account}:cluster/${name}`;
  }
}
