import * as schemas from '@aws-sdk/client-secrets-manager';
import type { CloudContext } from '../cloud-context.ts';
import { page } from '../page.ts';
import {
  type AuthorizationTarget,
  type Instant,
  type Operation,
  type Service,
  ServiceError,
} from '../service.ts';

interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  readonly description: string | undefined;
  /** Newest last; a deleted secret keeps them until its recovery window is over. */
  readonly versions: { readonly id: string; readonly value: string; readonly createdAt: Instant }[];
  deletedAt?: Instant;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
const recoveryDays = 30;
const dayMs = 86_400_000;

/** Secrets Manager: secrets of text, their newest version and the one before. */
export class SecretStore implements Service {
  readonly signingName = 'secretsmanager';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #cloud: CloudContext;
  readonly #secrets = new Map<string, Secret>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      CreateSecret: ({ Name, SecretString = '', Description }: schemas.CreateSecretRequest) => {
        const secret = this.seed(Name!, SecretString, Description);
        return { ARN: secret.arn, Name, VersionId: secret.versions.at(-1)!.id };
      },
      PutSecretValue: ({ SecretId, SecretString = '' }: schemas.PutSecretValueRequest) => {
        const secret = this.#live(SecretId!);
        this.#put(secret, SecretString);
        const { id } = secret.versions.at(-1)!;
        return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: ['AWSCURRENT'] };
      },
      GetSecretValue: (input: schemas.GetSecretValueRequest) => this.#value(input),
      DescribeSecret: ({ SecretId }: schemas.DescribeSecretRequest) => describe(this.#find(SecretId!)),
      ListSecrets: ({ NextToken, MaxResults = 100 }: schemas.ListSecretsRequest) => {
        const live = [...this.#secrets.values()].filter(({ deletedAt }) => deletedAt === undefined);
        const some = page(live.map(describe), NextToken, MaxResults, 100, 'maxResults');
        return { SecretList: some.items, NextToken: some.NextToken };
      },
      DeleteSecret: ({ SecretId, ForceDeleteWithoutRecovery }: schemas.DeleteSecretRequest) => {
        const secret = this.#find(SecretId!);
        const { arn: ARN, name: Name } = secret;
        const now = this.#cloud.eventQueue.now();
        secret.deletedAt = now;
        if (ForceDeleteWithoutRecovery) this.#secrets.delete(Name);
        const days = ForceDeleteWithoutRecovery ? 0 : recoveryDays;
        return { ARN, Name, DeletionDate: new Date(now + days * dayMs) };
      },
    };
  }

  has(name: string): boolean {
    return this.#secrets.has(name);
  }

  /** @throws ServiceError `ResourceExistsException` */
  seed(name: string, value: string, description?: string): Secret {
    if (this.#secrets.has(name)) {
      const message = `The operation failed because the secret ${name} already exists.`;
      throw new ServiceError('ResourceExistsException', message);
    }
    const { region, account, ids } = this.#cloud;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${ids.hex(6)}`;
    const secret: Secret = { name, arn, description, createdAt: this.#cloud.eventQueue.now(), versions: [] };
    this.#secrets.set(name, secret);
    this.#put(secret, value);
    return secret;
  }

  /** A secret that is not there has no suffix to be granted by. */
  authorization(operation: string, input: { SecretId?: string; Name?: string }): AuthorizationTarget[] {
    const action = `secretsmanager:${operation}`;
    if (operation === 'ListSecrets') return [{ action, resources: ['*'] }];
    const { region, account } = this.#cloud;
    const name = input.SecretId ?? input.Name ?? '';
    const known = this.#lookUp(name)?.arn ?? `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;
    return [{ action, resources: [known] }];
  }

  #put(secret: Secret, value: string): void {
    const createdAt = this.#cloud.eventQueue.now();
    secret.versions.push({ id: this.#cloud.ids.uuid(), value, createdAt });
  }

  #value({ SecretId, VersionStage = 'AWSCURRENT', VersionId }: schemas.GetSecretValueRequest) {
    const { arn, name, versions } = this.#live(SecretId!);
    const staged = versions.at({ AWSCURRENT: -1, AWSPREVIOUS: -2 }[VersionStage] ?? versions.length);
    const version = VersionId === undefined ? staged : versions.find(({ id }) => id === VersionId);
    if (!version) {
      const message = `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`;
      throw new ServiceError('ResourceNotFoundException', message);
    }
    return {
      ARN: arn,
      Name: name,
      VersionId: version.id,
      SecretString: version.value,
      VersionStages: [VersionStage],
      CreatedDate: new Date(version.createdAt),
    };
  }

  #lookUp(id: string): Secret | undefined {
    return this.#secrets.get(id) ?? [...this.#secrets.values()].find(({ arn }) => arn === id);
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  #find(id: string): Secret {
    const secret = this.#lookUp(id);
    if (secret) return secret;
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  /** @throws ServiceError likewise; `InvalidRequestException` for one that is deleted */
  #live(id: string): Secret {
    const secret = this.#find(id);
    if (secret.deletedAt === undefined) return secret;
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    throw new ServiceError('InvalidRequestException', message);
  }
}

function describe({ arn, name, description, createdAt, deletedAt }: Secret) {
  return {
    ARN: arn,
    Name: name,
    Description: description,
    CreatedDate: new Date(createdAt),
    DeletedDate: deletedAt === undefined ? undefined : new Date(deletedAt),
  };
}
