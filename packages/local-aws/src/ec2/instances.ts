import type {
  Instance,
  InstanceStateName,
  RequestLaunchTemplateData,
  RunInstancesRequest,
  Subnet,
  Tag,
} from '@aws-sdk/client-ec2';
import { type CloudContext, emit } from '../cloud-context.ts';
import { type Instant, ServiceError } from '../service.ts';
import { attachVolumes, followState } from './block-devices.ts';
import { Collection, tagsFor } from './collection.ts';
import type { Images } from './images.ts';
import { type ProfileSource, profileOf } from './instance-profile.ts';
import { typeFacts } from './instance-types.ts';
import type { LaunchTemplates } from './launch-templates.ts';
import type { Network } from './network.ts';
import type { LaunchRequest, ServerWorld } from './server-world.ts';

/** From the call to terminated or stopped. */
const shutdownSeconds = 20;
/** Between the notice that a Spot instance is wanted back and its end. */
const noticeSeconds = 120;
/** Terminated instances are shown for about an hour. */
const afterlifeSeconds = 3600;
const day = 24 * 3_600_000;
const stateCodes = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** Called when an instance enters a state. */
export type InstanceListener = (instance: Instance, state: InstanceStateName) => void;

/** The instances of the account, each a server in the world. */
export class Instances {
  readonly instances = new Collection<Instance>({
    resourceType: 'instance',
    prefix: 'i',
    idKey: 'InstanceId',
    notFound: 'InvalidInstanceID.NotFound',
    malformed: 'InvalidInstanceID.Malformed',
    filters: {
      'instance-id': 'InstanceId',
      'instance-state-name': 'State.Name',
      'instance-state-code': 'State.Code',
      'instance-type': 'InstanceType',
      'image-id': 'ImageId',
      'vpc-id': 'VpcId',
      'subnet-id': 'SubnetId',
      'private-ip-address': 'PrivateIpAddress',
      'availability-zone': 'Placement.AvailabilityZone',
      'instance.group-id': 'SecurityGroups.GroupId',
      'iam-instance-profile.arn': 'IamInstanceProfile.Arn',
      'iam-instance-profile.id': 'IamInstanceProfile.Id',
      'block-device-mapping.device-name': 'BlockDeviceMappings.DeviceName',
      'block-device-mapping.volume-id': 'BlockDeviceMappings.Ebs.VolumeId',
    },
  });
  /** On-demand vCPUs that may run at once, as Service Quotas has it (L-1216C47A). */
  vcpuLimit = 1152;
  /** Ids of the instances that TerminateInstances refuses; a scaling group terminates them all the same. */
  readonly terminationProtected = new Set<string>();
  /** Where launches look for the profile that they name. */
  profiles: ProfileSource = () => undefined;
  readonly #listeners: InstanceListener[] = [];
  readonly #userData = new Map<string, string>();
  readonly #cloud: CloudContext;
  readonly #world: ServerWorld;
  readonly #network: Network;
  readonly #images: Images;
  readonly #templates: LaunchTemplates;

  constructor(
    cloud: CloudContext,
    world: ServerWorld,
    network: Network,
    images: Images,
    templates: LaunchTemplates,
  ) {
    this.#cloud = cloud;
    this.#world = world;
    this.#network = network;
    this.#images = images;
    this.#templates = templates;
  }

  /** What the server was told to do when it boots, in base64; undefined: nothing. */
  userDataOf(instanceId: string): string | undefined {
    return this.#userData.get(instanceId);
  }

  /** Whether the network interface of an instance is in a security group; it goes when the instance is terminated. */
  hasInGroup(groupId: string): boolean {
    return this.instances
      .all()
      .some(
        (one) =>
          one.State?.Name !== 'terminated' && one.SecurityGroups?.some((group) => group.GroupId === groupId),
      );
  }

  onState(listener: InstanceListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Starts instances, all or none.
   * @throws ServiceError InvalidAMIID.NotFound, VcpuLimitExceeded, InsufficientInstanceCapacity, …
   */
  run(request: RunInstancesRequest, now: Instant): Instance[] {
    const input = this.#withTemplate(request);
    const count = request.MaxCount ?? 1;
    const image = this.#images.usable(input.ImageId);
    const facts = typeFacts(input.InstanceType ?? 'm1.small');
    if (image.Architecture !== facts.architecture)
      throw new ServiceError(
        'InvalidParameterValue',
        `The architecture '${facts.architecture}' of the specified instance type does not match the architecture '${image.Architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
      );
    const subnet = this.#subnetFor(request, input);
    const launch = requestOf(this.#blank(input, subnet, now));
    this.#checkQuota(facts.vcpus * count);
    const refusal = this.#world.refusal(launch, now);
    if (refusal)
      throw new ServiceError(
        refusal.code,
        refusal.message,
        refusal.code.startsWith('Insufficient') ? 500 : 400,
      );
    return Array.from({ length: count }, () => {
      const instance = this.instances.add(this.#blank(input, subnet, now));
      attachVolumes(instance, image.RootDeviceName!, input.BlockDeviceMappings);
      if (input.DisableApiTermination) this.terminationProtected.add(instance.InstanceId!);
      if (input.UserData !== undefined) this.#userData.set(instance.InstanceId!, input.UserData);
      const runningAt = this.#world.start(instance.InstanceId!, launch, now);
      this.#cloud.eventQueue.at(runningAt, `running ${instance.InstanceId}`, () => {
        if (instance.State?.Name === 'pending') this.#enter(instance, 'running');
      });
      this.#announce(instance, 'pending');
      return instance;
    });
  }

  terminate(instanceId: string, now: Instant): Instance {
    const instance = this.instances.get(instanceId);
    const state = instance.State!.Name;
    if (state === 'terminated' || state === 'shutting-down') return instance;
    this.#world.stop(instanceId, now);
    this.#enter(instance, 'shutting-down');
    this.#cloud.eventQueue.at(now + shutdownSeconds * 1000, `terminated ${instanceId}`, () =>
      this.#enter(instance, 'terminated'),
    );
    this.#cloud.eventQueue.at(now + afterlifeSeconds * 1000, `forgotten ${instanceId}`, () =>
      this.#forget(instanceId),
    );
    return instance;
  }

  #forget(instanceId: string): void {
    this.instances.remove(instanceId);
    this.#userData.delete(instanceId);
    this.terminationProtected.delete(instanceId);
  }

  /**
   * EC2 wants a Spot instance back: it says so, and terminates it two minutes later.
   * @throws ServiceError InvalidInstanceID.NotFound, UnsupportedOperation when it is no Spot instance
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
   */
  interrupt(instanceId: string, now: Instant): void {
    const instance = this.instances.get(instanceId);
    if (instance.InstanceLifecycle !== 'spot')
      throw new ServiceError('UnsupportedOperation', `The instance '${instanceId}' is not a Spot Instance.`);
    emit(this.#cloud, {
      source: 'aws.ec2',
      detailType: 'EC2 Spot Instance Interruption Warning',
      resources: [`arn:aws:ec2:${instance.Placement!.AvailabilityZone}:instance/${instanceId}`],
      detail: { 'instance-id': instanceId, 'instance-action': 'terminate' },
    });
    this.#cloud.eventQueue.at(now + noticeSeconds * 1000, `interrupted ${instanceId}`, () => {
      if (this.instances.find(instanceId)) this.terminate(instanceId, now + noticeSeconds * 1000);
    });
  }

  /** @throws ServiceError IncorrectInstanceState */
  stop(instanceId: string, now: Instant): Instance {
    const instance = this.instances.get(instanceId);
    if (instance.State!.Name === 'stopped' || instance.State!.Name === 'stopping') return instance;
    if (instance.State!.Name !== 'running') throw wrongState(instance);
    this.#world.stop(instanceId, now);
    this.#enter(instance, 'stopping');
    this.#cloud.eventQueue.at(now + shutdownSeconds * 1000, `stopped ${instanceId}`, () => {
      if (instance.State?.Name === 'stopping') this.#enter(instance, 'stopped');
    });
    return instance;
  }

  /** @throws ServiceError IncorrectInstanceState */
  start(instanceId: string, now: Instant): Instance {
    const instance = this.instances.get(instanceId);
    if (instance.State!.Name === 'running' || instance.State!.Name === 'pending') return instance;
    if (instance.State!.Name !== 'stopped') throw wrongState(instance);
    this.#enter(instance, 'pending');
    const runningAt = this.#world.start(instanceId, requestOf(instance), now);
    this.#cloud.eventQueue.at(runningAt, `running ${instanceId}`, () => this.#enter(instance, 'running'));
    return instance;
  }

  /** An instance that was there before anybody looked: launched a day ago, running, its application up. */
  seed(instanceId: string, request: RunInstancesRequest, now: Instant): Instance {
    const input = this.#withTemplate(request);
    const image = this.#images.usable(input.ImageId);
    const past = now - day;
    const blank = this.#blank(input, this.#subnetFor(request, input), past);
    const instance = this.instances.add({ ...blank, InstanceId: instanceId });
    attachVolumes(instance, image.RootDeviceName!, input.BlockDeviceMappings);
    this.#world.start(instanceId, requestOf(instance), past);
    this.#enter(instance, 'running');
    return instance;
  }

  #enter(instance: Instance, state: InstanceStateName): void {
    instance.State = { Name: state, Code: stateCodes[state] };
    followState(instance);
    if (state === 'terminated') {
      instance.PublicIpAddress = undefined;
      instance.PrivateIpAddress = undefined;
    }
    this.#announce(instance, state);
  }

  #announce(instance: Instance, state: InstanceStateName): void {
    for (const listener of this.#listeners) listener(instance, state);
    emit(this.#cloud, {
      source: 'aws.ec2',
      detailType: 'EC2 Instance State-change Notification',
      resources: [`arn:aws:ec2:${this.#cloud.region}:${this.#cloud.account}:instance/${instance.InstanceId}`],
      detail: { 'instance-id': instance.InstanceId, state },
    });
  }

  #withTemplate(request: RunInstancesRequest): RequestLaunchTemplateData & RunInstancesRequest {
    if (!request.LaunchTemplate) return request as RequestLaunchTemplateData & RunInstancesRequest;
    const data = this.#templates.version(request.LaunchTemplate)
      .LaunchTemplateData as RequestLaunchTemplateData;
    const own = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
    const TagSpecifications = [...(data.TagSpecifications ?? []), ...(request.TagSpecifications ?? [])];
    return { ...data, ...own, TagSpecifications } as RequestLaunchTemplateData & RunInstancesRequest;
  }

  #subnetFor(request: RunInstancesRequest, input: RequestLaunchTemplateData & RunInstancesRequest): Subnet {
    const id = request.SubnetId ?? input.NetworkInterfaces?.[0]?.SubnetId;
    return id
      ? this.#network.subnets.get(id)
      : this.#network.defaultSubnet(input.Placement?.AvailabilityZone);
  }

  #checkQuota(more: number): void {
    const used = this.instances
      .all()
      .filter((one) => one.State?.Name === 'pending' || one.State?.Name === 'running')
      .reduce((sum, one) => sum + typeFacts(one.InstanceType!).vcpus, 0);
    if (used + more > this.vcpuLimit)
      throw new ServiceError(
        'VcpuLimitExceeded',
        `You have requested more vCPU capacity than your current vCPU limit of ${this.vcpuLimit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
      );
  }

  #blank(input: RequestLaunchTemplateData & RunInstancesRequest, subnet: Subnet, now: Instant): Instance {
    const onPublic = input.NetworkInterfaces?.[0]?.AssociatePublicIpAddress ?? subnet.MapPublicIpOnLaunch;
    const groups = input.NetworkInterfaces?.[0]?.Groups ?? input.SecurityGroupIds ?? [];
    return {
      InstanceId: `i-${this.#cloud.ids.hex(17)}`,
      ImageId: input.ImageId,
      InstanceType: input.InstanceType,
      State: { Name: 'pending', Code: stateCodes.pending },
      LaunchTime: new Date(now),
      Placement: { AvailabilityZone: subnet.AvailabilityZone, Tenancy: 'default' },
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      PrivateIpAddress: this.#network.privateAddress(subnet),
      PublicIpAddress: onPublic ? this.#network.publicAddress() : undefined,
      SecurityGroups: groups.map((GroupId) => ({ GroupId })),
      IamInstanceProfile: profileOf(input.IamInstanceProfile, this.#cloud.account, this.profiles),
      Monitoring: { State: input.Monitoring?.Enabled ? 'enabled' : 'disabled' },
      InstanceLifecycle: input.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : undefined,
      Tags: uniqueTags(tagsFor(input.TagSpecifications as never, 'instance')),
    };
  }
}

function requestOf(instance: Instance): LaunchRequest {
  return {
    imageId: instance.ImageId!,
    instanceType: instance.InstanceType!,
    availabilityZone: instance.Placement!.AvailabilityZone!,
    group: instance.Tags?.find((tag) => tag.Key === 'aws:autoscaling:groupName')?.Value,
  };
}

function uniqueTags(tags: readonly Tag[]): Tag[] {
  return [...new Map(tags.map((tag) => [tag.Key, tag])).values()];
}

function wrongState(instance: Instance): ServiceError {
  return new ServiceError(
    'IncorrectInstanceState',
    `The instance '${instance.InstanceId}' is not in a state from which it can be changed: ${instance.State?.Name}.`,
  );
}
