import { z } from 'zod';
import { type CloudContext, cloudFormationCall } from '../cloud-context.ts';
import type { Resource, ResourceContext, ResourceType } from '../service.ts';
import { tagList } from '../template-tags.ts';
import type { LaunchTemplates } from './launch-templates.ts';

const strings = z.array(z.string());
const tagSpecifications = z.array(z.strictObject({ ResourceType: z.string(), Tags: tagList }));

const ebs = z.strictObject({
  DeleteOnTermination: z.boolean().optional(),
  Encrypted: z.boolean().optional(),
  Iops: z.number().optional(),
  KmsKeyId: z.string().optional(),
  SnapshotId: z.string().optional(),
  Throughput: z.number().optional(),
  VolumeSize: z.number().optional(),
  VolumeType: z.string().optional(),
});

const networkInterface = z.strictObject({
  AssociatePublicIpAddress: z.boolean().optional(),
  DeleteOnTermination: z.boolean().optional(),
  Description: z.string().optional(),
  DeviceIndex: z.number().optional(),
  Groups: strings.optional(),
  SubnetId: z.string().optional(),
});

const data = z.strictObject({
  BlockDeviceMappings: z
    .array(z.strictObject({ DeviceName: z.string(), Ebs: ebs.optional(), NoDevice: z.string().optional() }))
    .optional(),
  CreditSpecification: z.strictObject({ CpuCredits: z.string() }).optional(),
  DisableApiTermination: z.boolean().optional(),
  EbsOptimized: z.boolean().optional(),
  IamInstanceProfile: z.strictObject({ Arn: z.string().optional(), Name: z.string().optional() }).optional(),
  ImageId: z.string().optional(),
  InstanceInitiatedShutdownBehavior: z.string().optional(),
  InstanceMarketOptions: z
    .strictObject({ MarketType: z.string(), SpotOptions: z.looseObject({}).optional() })
    .optional(),
  InstanceType: z.string().optional(),
  KeyName: z.string().optional(),
  MetadataOptions: z
    .strictObject({
      HttpEndpoint: z.string().optional(),
      HttpProtocolIpv6: z.string().optional(),
      HttpPutResponseHopLimit: z.number().optional(),
      HttpTokens: z.string().optional(),
      InstanceMetadataTags: z.string().optional(),
    })
    .optional(),
  Monitoring: z.strictObject({ Enabled: z.boolean() }).optional(),
  NetworkInterfaces: z.array(networkInterface).optional(),
  SecurityGroupIds: strings.optional(),
  TagSpecifications: tagSpecifications.optional(),
  UserData: z.string().optional(),
});

const properties = z.strictObject({
  LaunchTemplateName: z.string().optional(),
  LaunchTemplateData: data,
  TagSpecifications: tagSpecifications.optional(),
  VersionDescription: z.string().optional(),
});
type Properties = z.output<typeof properties>;

/** `AWS::EC2::LaunchTemplate`: a change of its data is a new version. */
export function launchTemplateType(
  cloud: CloudContext,
  templates: LaunchTemplates,
): ResourceType<Properties> {
  const run = (operation: string, input: unknown): void => {
    templates.operations[operation]!(input, cloudFormationCall(cloud));
  };
  const describe = (LaunchTemplateId: string): Resource => {
    const template = templates.find({ LaunchTemplateId });
    return {
      physicalId: LaunchTemplateId,
      attributes: {
        LaunchTemplateId,
        LatestVersionNumber: String(template.LatestVersionNumber),
        DefaultVersionNumber: String(template.DefaultVersionNumber),
      },
    };
  };
  const create = (next: Properties, context: ResourceContext): Resource => {
    const LaunchTemplateName = next.LaunchTemplateName ?? context.physicalName(128);
    run('CreateLaunchTemplate', { ...next, LaunchTemplateName });
    return describe(templates.find({ LaunchTemplateName }).LaunchTemplateId!);
  };
  return {
    type: 'AWS::EC2::LaunchTemplate',
    properties,
    create,
    update(physicalId, next, previous, context) {
      if (next.LaunchTemplateName !== previous.LaunchTemplateName) return create(next, context);
      if (JSON.stringify(next.LaunchTemplateData) !== JSON.stringify(previous.LaunchTemplateData))
        run('CreateLaunchTemplateVersion', { ...next, LaunchTemplateId: physicalId });
      return describe(physicalId);
    },
    delete: (physicalId) => run('DeleteLaunchTemplate', { LaunchTemplateId: physicalId }),
  };
}
