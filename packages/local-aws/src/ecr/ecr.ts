import * as schemas from '@aws-sdk/client-ecr';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import {
  type Instant,
  type Operation,
  type ResourceContext,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { tagList } from '../template-tags.ts';

interface Repository {
  readonly name: string;
  readonly createdAt: Instant;
  tagMutability: 'MUTABLE' | 'IMMUTABLE';
}

const repositoryProperties = z.strictObject({
  RepositoryName: z.string().optional(),
  ImageTagMutability: z.enum(['MUTABLE', 'IMMUTABLE']).default('MUTABLE'),
  LifecyclePolicy: z.strictObject({ LifecyclePolicyText: z.string() }).optional(),
  RepositoryPolicyText: z.looseObject({}).optional(),
  ImageScanningConfiguration: z.strictObject({ ScanOnPush: z.boolean() }).optional(),
  EmptyOnDelete: z.boolean().optional(),
  Tags: tagList.optional(),
});
type RepositoryProperties = z.infer<typeof repositoryProperties>;

/** ECR as far as the CDK's bootstrap needs it: repositories, which stay empty. */
export class Ecr implements Service {
  readonly signingName = 'ecr';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #repositories = new Map<string, Repository>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      CreateRepository: (input) => ({
        repository: this.#describe(this.#create(input.repositoryName, input.imageTagMutability ?? 'MUTABLE')),
      }),
      DescribeRepositories: (input) => {
        const names: string[] = input.repositoryNames ?? [...this.#repositories.keys()];
        return { repositories: names.map((name) => this.#describe(this.#get(name))) };
      },
      DescribeImages: (input) => {
        this.#get(input.repositoryName);
        if (!input.imageIds?.length) return { imageDetails: [] };
        const message = `The image requested does not exist within the repository with name '${input.repositoryName}'`;
        throw new ServiceError('ImageNotFoundException', message);
      },
      DeleteRepository: (input) => {
        const repository = this.#describe(this.#get(input.repositoryName));
        this.#repositories.delete(input.repositoryName);
        return { repository };
      },
    };
    this.resources = [this.#repositoryType()];
  }

  #repositoryType(): ResourceType<RepositoryProperties> {
    const resourceOf = (repository: Repository) => {
      const { repositoryArn: Arn, repositoryUri: RepositoryUri } = this.#describe(repository);
      return { physicalId: repository.name, attributes: { Arn, RepositoryUri } };
    };
    const create = ({ RepositoryName, ImageTagMutability }: RepositoryProperties, context: ResourceContext) =>
      resourceOf(this.#create(RepositoryName ?? context.physicalName(256).toLowerCase(), ImageTagMutability));
    return {
      type: 'AWS::ECR::Repository',
      properties: repositoryProperties,
      create,
      update: (name, next, previous, context) => {
        if (next.RepositoryName !== previous.RepositoryName) return create(next, context);
        const repository = this.#get(name);
        repository.tagMutability = next.ImageTagMutability;
        return resourceOf(repository);
      },
      delete: (name) => {
        this.#repositories.delete(name);
      },
    };
  }

  #create(name: string, tagMutability: Repository['tagMutability']): Repository {
    if (this.#repositories.has(name)) {
      throw new ServiceError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists`,
      );
    }
    const repository = { name, tagMutability, createdAt: this.#cloud.eventQueue.now() };
    this.#repositories.set(name, repository);
    return repository;
  }

  #get(name: string): Repository {
    const repository = this.#repositories.get(name);
    if (!repository) {
      throw new ServiceError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist`,
      );
    }
    return repository;
  }

  #describe({ name, tagMutability, createdAt }: Repository) {
    const { region, account } = this.#cloud;
    return {
      ...{ repositoryName: name, registryId: account, imageTagMutability: tagMutability },
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${name}`,
      repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${name}`,
      createdAt: new Date(createdAt),
    };
  }
}
