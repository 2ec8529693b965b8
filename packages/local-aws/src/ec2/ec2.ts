import * as schemas from '@aws-sdk/client-ec2';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { catalogOperations } from './catalog.ts';
import type { Collection } from './collection.ts';
import { Images } from './images.ts';
import { instanceOperations } from './instance-operations.ts';
import { Instances } from './instances.ts';
import { launchTemplateType } from './launch-template-type.ts';
import { LaunchTemplates } from './launch-templates.ts';
import { Network } from './network.ts';
import { networkOperations } from './network-operations.ts';
import { networkTypes } from './network-types.ts';
import { routingTypes } from './routing-types.ts';
import { securityGroupTypes } from './security-group-types.ts';
import { SecurityGroups } from './security-groups.ts';
import type { ServerWorld } from './server-world.ts';

type AnyCollection = Collection<{ Tags?: schemas.Tag[] | undefined }>;

/** Amazon EC2: networks, security groups, images, launch templates, and instances that stand in the world. */
export class Ec2 implements Service {
  readonly signingName = 'ec2';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly network: Network;
  readonly images: Images;
  readonly templates: LaunchTemplates;
  readonly instances: Instances;
  readonly #security: SecurityGroups;

  constructor(cloud: CloudContext, world: ServerWorld) {
    this.network = new Network(cloud);
    this.#security = new SecurityGroups(cloud, this.network);
    this.images = new Images(cloud);
    this.templates = new LaunchTemplates(cloud);
    this.instances = new Instances(cloud, world, this.network, this.images, this.templates);
    const architectureOf = (id: string) =>
      this.images.usable(this.instances.instances.get(id).ImageId).Architecture!;
    const isInUse = (groupId: string) => this.instances.hasInGroup(groupId);
    this.operations = mayDryRun({
      ...catalogOperations(cloud.region),
      ...networkOperations(this.network, this.#security, isInUse),
      ...this.templates.operations,
      ...this.images.operations(architectureOf),
      ...instanceOperations(cloud, this.instances, world),
      ...this.#tagOperations(),
    });
    this.resources = [
      ...networkTypes(this.network, this.#security),
      ...routingTypes(cloud, this.network),
      ...securityGroupTypes(this.#security, isInUse),
      launchTemplateType(cloud, this.templates),
    ];
  }

  authorization(operation: string): AuthorizationTarget[] {
    return [{ action: `ec2:${operation}`, resources: ['*'] }];
  }

  #tagOperations(): Record<string, Operation> {
    return {
      CreateTags: ({ Resources = [], Tags = [] }: schemas.CreateTagsRequest): void => {
        for (const id of Resources) {
          const item = this.#collectionOf(id).get(id);
          const keys = Tags.map((tag) => tag.Key);
          item.Tags = [...(item.Tags ?? []).filter((tag) => !keys.includes(tag.Key)), ...Tags];
        }
      },
      DeleteTags: ({ Resources = [], Tags = [] }: schemas.DeleteTagsRequest): void => {
        for (const id of Resources) {
          const item = this.#collectionOf(id).get(id);
          item.Tags = (item.Tags ?? []).filter((tag) => !Tags.some((gone) => gone.Key === tag.Key));
        }
      },
      DescribeTags: (): schemas.DescribeTagsResult => ({
        Tags: this.#collections().flatMap((collection) =>
          collection.all().flatMap((item) =>
            (item.Tags ?? []).map(({ Key, Value }) => ({
              ResourceId: (item as Record<string, unknown>)[collection.kind.idKey] as string,
              ResourceType: collection.kind.resourceType as schemas.ResourceType,
              Key,
              Value,
            })),
          ),
        ),
      }),
    };
  }

  #collectionOf(id: string): AnyCollection {
    const found = this.#collections().find((collection) => id.startsWith(`${collection.kind.prefix}-`));
    return found ?? (this.instances.instances as AnyCollection);
  }

  #collections(): AnyCollection[] {
    const { vpcs, subnets, routeTables, internetGateways, natGateways, addresses, endpoints, flowLogs } =
      this.network;
    const all = [vpcs, subnets, routeTables, internetGateways, natGateways, addresses, endpoints, flowLogs];
    const others = [
      this.#security.groups,
      this.images.images,
      this.templates.templates,
      this.instances.instances,
    ];
    return [...all, ...others] as AnyCollection[];
  }
}

/** With DryRun a permitted call is answered by an error that says so, and nothing happens. */
function mayDryRun(operations: Readonly<Record<string, Operation>>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      (input, call) => {
        if (input?.DryRun)
          throw new ServiceError(
            'DryRunOperation',
            'Request would have succeeded, but DryRun flag is set.',
            412,
          );
        return run(input, call);
      },
    ]),
  );
}
