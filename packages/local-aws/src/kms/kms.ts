import * as schemas from '@aws-sdk/client-kms';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Instant, type Operation, type ResourceType, type Service, ServiceError } from '../service.ts';
import { tagList } from '../template-tags.ts';

const defaultDeletionDays = 30;

interface Key {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: Instant;
  description: string;
  enabled: boolean;
  deletionAt?: Instant;
}

const keyProperties = z.strictObject({
  KeyPolicy: z.looseObject({}).optional(),
  Description: z.string().default(''),
  Enabled: z.boolean().default(true),
  EnableKeyRotation: z.boolean().optional(),
  PendingWindowInDays: z.number().min(7).max(30).default(defaultDeletionDays),
  Tags: tagList.optional(),
});

const aliasProperties = z.strictObject({
  AliasName: z.string().startsWith('alias/'),
  TargetKeyId: z.string(),
});

/** KMS: keys and aliases. Nothing in the local cloud is encrypted; services note which key they were given. */
export class Kms implements Service {
  readonly signingName = 'kms';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #keys = new Map<string, Key>();
  /** Key ids by alias name. */
  readonly #aliases = new Map<string, string>();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.operations = {
      CreateKey: (input) => ({ KeyMetadata: this.#describe(this.#create(input.Description ?? '', true)) }),
      DescribeKey: (input) => ({ KeyMetadata: this.#describe(this.#get(input.KeyId)) }),
      ListKeys: () => ({ Keys: [...this.#keys.values()].map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })) }),
      ListAliases: () => ({
        Aliases: [...this.#aliases].map(([AliasName, TargetKeyId]) => ({
          ...{ AliasName, TargetKeyId },
          AliasArn: this.#arn(AliasName),
        })),
      }),
      CreateAlias: (input) => this.#createAlias(input.AliasName, input.TargetKeyId),
      DeleteAlias: (input) => {
        this.#aliases.delete(input.AliasName);
      },
      ScheduleKeyDeletion: (input, { now }) => {
        const key = this.#scheduleDeletion(
          input.KeyId,
          input.PendingWindowInDays ?? defaultDeletionDays,
          now,
        );
        return { KeyId: key.arn, DeletionDate: new Date(key.deletionAt!), KeyState: 'PendingDeletion' };
      },
    };
    this.resources = [this.#keyType(), this.#aliasType()];
  }

  #keyType(): ResourceType<z.infer<typeof keyProperties>> {
    const resourceOf = ({ id, arn }: Key) => ({ physicalId: id, attributes: { Arn: arn, KeyId: id } });
    return {
      type: 'AWS::KMS::Key',
      properties: keyProperties,
      create: ({ Description, Enabled }) => resourceOf(this.#create(Description, Enabled)),
      update: (physicalId, { Description, Enabled }) => {
        const key = this.#get(physicalId);
        key.description = Description;
        key.enabled = Enabled;
        return resourceOf(key);
      },
      delete: (physicalId, { PendingWindowInDays }) => {
        this.#scheduleDeletion(physicalId, PendingWindowInDays, this.#cloud.eventQueue.now());
      },
    };
  }

  #aliasType(): ResourceType<z.infer<typeof aliasProperties>> {
    return {
      type: 'AWS::KMS::Alias',
      properties: aliasProperties,
      create: ({ AliasName, TargetKeyId }) => {
        this.#createAlias(AliasName, TargetKeyId);
        return { physicalId: AliasName, attributes: {} };
      },
      update: (physicalId, { AliasName, TargetKeyId }) => {
        if (AliasName === physicalId) this.#aliases.set(AliasName, this.#get(TargetKeyId).id);
        else this.#createAlias(AliasName, TargetKeyId);
        return { physicalId: AliasName, attributes: {} };
      },
      delete: (physicalId) => {
        this.#aliases.delete(physicalId);
      },
    };
  }

  #create(description: string, enabled: boolean): Key {
    const id = this.#cloud.ids.uuid();
    const key = {
      id,
      arn: this.#arn(`key/${id}`),
      createdAt: this.#cloud.eventQueue.now(),
      description,
      enabled,
    };
    this.#keys.set(id, key);
    return key;
  }

  #createAlias(name: string, keyId: string): void {
    if (this.#aliases.has(name)) {
      throw new ServiceError(
        'AlreadyExistsException',
        `An alias with the name ${this.#arn(name)} already exists`,
      );
    }
    this.#aliases.set(name, this.#get(keyId).id);
  }

  #scheduleDeletion(keyId: string, days: number, now: Instant): Key {
    const key = this.#get(keyId);
    key.enabled = false;
    key.deletionAt = now + days * 86_400_000;
    return key;
  }

  /** By id, ARN or alias. */
  #get(name: string): Key {
    const last = name.startsWith('alias/') ? (this.#aliases.get(name) ?? '') : name.split('/').at(-1)!;
    const key = this.#keys.get(last);
    if (!key) throw new ServiceError('NotFoundException', `Key '${this.#arn(`key/${last}`)}' does not exist`);
    return key;
  }

  #arn(path: string): string {
    return `arn:aws:kms:${this.#cloud.region}:${this.#cloud.account}:${path}`;
  }

  #describe(key: Key) {
    return {
      ...{ KeyId: key.id, Arn: key.arn, AWSAccountId: this.#cloud.account, Description: key.description },
      ...{ Enabled: key.enabled, CreationDate: new Date(key.createdAt), KeyUsage: 'ENCRYPT_DECRYPT' },
      ...{ KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' },
      KeyState: key.deletionAt === undefined ? (key.enabled ? 'Enabled' : 'Disabled') : 'PendingDeletion',
      ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
    };
  }
}
