import { Cloud, type CloudOptions } from './cloud.ts';
import { CloudFormation } from './cloudformation/cloudformation.ts';
import { DynamoDb } from './dynamodb/dynamodb.ts';
import { Ecr } from './ecr/ecr.ts';
import { Eks } from './eks/eks.ts';
import { EventBridge } from './events/event-bridge.ts';
import { type FleetServices, fleetServices } from './fleet-services.ts';
import { Iam } from './iam/iam.ts';
import { Kms } from './kms/kms.ts';
import { Lambda } from './lambda/lambda.ts';
import { Logs } from './logs/logs.ts';
import { publicImages } from './public-images.ts';
import { S3 } from './s3/s3.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { SecretStore } from './secrets/secret-store.ts';
import { Sns } from './sns/sns.ts';
import { Sqs } from './sqs/sqs.ts';
import { Ssm } from './ssm/ssm.ts';
import { Sts } from './sts/sts.ts';
import type { TrafficWorld } from './traffic-world.ts';

/** The local cloud with every service it has, and those at hand that a person or a test looks into. */
export interface WholeCloud {
  readonly cloud: Cloud;
  readonly fleet: FleetServices;
  readonly iam: Iam;
  readonly sns: Sns;
  readonly secrets: SecretStore;
  readonly eks: Eks;
  /**
   * What a fleet needs of a region of the account; one that is not there yet is opened. Beside the services that a fleet runs on it has
   * an event bus, and nothing else.
   */
  readonly inRegion: (region: string) => FleetServices;
}

/** Makes a cloud whose servers stand in `world`. IAM's policies are enforced. */
export function wholeCloud(options: CloudOptions, world: TrafficWorld): WholeCloud {
  const cloud = new Cloud(options);
  const fleet = fleetServices(cloud, world);
  for (const { imageId, parameter, architecture } of publicImages) {
    fleet.ec2.images.seed(imageId, parameter.split('/').at(-1)!, architecture, options.start);
  }
  const iam = new Iam(cloud);
  fleet.ec2.instances.profiles = (name) => iam.findProfile(name);
  const s3 = new S3(cloud);
  const sns = new Sns(cloud);
  const secrets = new SecretStore(cloud);
  const eks = new Eks(cloud);
  const tagsOfServer = (id: string) => fleet.ec2.instances.instances.find(id)?.Tags ?? [];
  cloud
    .add(...fleet.all, iam, s3, sns, secrets, eks)
    .add(new Sts(cloud, iam), new Kms(cloud), new Ecr(cloud), new Ssm(cloud, tagsOfServer), new Logs(cloud))
    .add(
      new Sqs(cloud),
      new DynamoDb(cloud),
      new EventBridge(cloud),
      new Scheduler(cloud),
      new Lambda(cloud, s3),
    )
    .add(new CloudFormation(cloud, s3))
    .usePolicies(iam);
  const regions = new Map([[cloud.region, fleet]]);
  const inRegion = (region: string) => {
    const known = regions.get(region) ?? anotherRegion(cloud.openRegion(region), world, fleet);
    regions.set(region, known);
    return known;
  };
  return { cloud, fleet, iam, sns, secrets, eks, inRegion };
}

function anotherRegion(region: Cloud, world: TrafficWorld, home: FleetServices): FleetServices {
  const services = fleetServices(region, world, home);
  region.add(...services.all, new EventBridge(region));
  return services;
}
