import { z } from 'zod';
import type { ResourceType } from '../service.ts';
import { tagList } from '../template-tags.ts';
import type { Bucket } from './bucket.ts';

/** The buckets of the account, as the resource types need them. */
export interface Buckets {
  create(name: string): Bucket;
  get(name: string): Bucket;
  delete(name: string): void;
}

const days = z.number().int().nonnegative();
const status = z.enum(['Enabled', 'Disabled']);

const lifecycleRule = z.strictObject({
  Id: z.string().optional(),
  Status: status,
  Prefix: z.string().optional(),
  ExpirationInDays: days.optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: days, NewerNoncurrentVersions: days.optional() })
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: days }).optional(),
});

const encryptionRule = z.strictObject({
  BucketKeyEnabled: z.boolean().optional(),
  ServerSideEncryptionByDefault: z.strictObject({
    SSEAlgorithm: z.string(),
    KMSMasterKeyID: z.string().optional(),
  }),
});

const bucketProperties = z.strictObject({
  BucketName: z.string().min(3).max(63).optional(),
  AccessControl: z.enum(['Private', 'LogDeliveryWrite']).optional(),
  BucketEncryption: z
    .strictObject({ ServerSideEncryptionConfiguration: z.array(encryptionRule).length(1) })
    .optional(),
  PublicAccessBlockConfiguration: z
    .strictObject({
      BlockPublicAcls: z.boolean().optional(),
      BlockPublicPolicy: z.boolean().optional(),
      IgnorePublicAcls: z.boolean().optional(),
      RestrictPublicBuckets: z.boolean().optional(),
    })
    .optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRule) }).optional(),
  OwnershipControls: z
    .strictObject({ Rules: z.array(z.strictObject({ ObjectOwnership: z.string() })) })
    .optional(),
  LoggingConfiguration: z
    .strictObject({ DestinationBucketName: z.string().optional(), LogFilePrefix: z.string().optional() })
    .optional(),
  Tags: tagList.optional(),
});
type BucketProperties = z.infer<typeof bucketProperties>;

const policyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument: z.looseObject({}) });
type PolicyProperties = z.infer<typeof policyProperties>;

/** The CloudFormation types of S3. */
export function bucketTypes(buckets: Buckets, region: string): ResourceType[] {
  const configure = (bucket: Bucket, properties: BucketProperties) => {
    const [rule] = properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    bucket.encryption = rule?.ServerSideEncryptionByDefault ?? { SSEAlgorithm: 'AES256' };
    if (properties.VersioningConfiguration) bucket.versioning = properties.VersioningConfiguration.Status;
    return describe(bucket.name, region);
  };
  const setPolicy = (properties: PolicyProperties) => {
    buckets.get(properties.Bucket).policy = JSON.stringify(properties.PolicyDocument);
    return { physicalId: properties.Bucket, attributes: {} };
  };
  const bucketType: ResourceType<BucketProperties> = {
    type: 'AWS::S3::Bucket',
    properties: bucketProperties,
    create: (properties, context) =>
      configure(buckets.create(properties.BucketName ?? context.physicalName(63).toLowerCase()), properties),
    update: (physicalId, next, previous, context) => {
      if (next.BucketName === previous.BucketName) return configure(buckets.get(physicalId), next);
      return configure(buckets.create(next.BucketName ?? context.physicalName(63).toLowerCase()), next);
    },
    delete: (physicalId) => buckets.delete(physicalId),
  };
  const policyType: ResourceType<PolicyProperties> = {
    type: 'AWS::S3::BucketPolicy',
    properties: policyProperties,
    create: setPolicy,
    update: (_, next) => setPolicy(next),
    delete: (physicalId) => {
      delete buckets.get(physicalId).policy;
    },
  };
  return [bucketType, policyType];
}

function describe(name: string, region: string) {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
    },
  };
}
