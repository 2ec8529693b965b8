import type {
  CreateLoadBalancerInput,
  DescribeLoadBalancersInput,
  LoadBalancer as LoadBalancerRecord,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudContext } from '../cloud-context.ts';
import type { Network } from '../ec2/network.ts';
import { page } from '../page.ts';
import { type Call, type Instant, type Operation, ServiceError } from '../service.ts';
import type { Tags } from '../tags.ts';
import { type Attribute, changeAttributes, listAttributes, loadBalancerDefaults } from './attributes.ts';

interface LoadBalancer {
  readonly record: LoadBalancerRecord;
  readonly attributes: Map<string, string>;
}

/** Application and network load balancers. */
export class LoadBalancers {
  readonly operations: Record<string, Operation>;
  readonly #balancers = new Map<string, LoadBalancer>();
  readonly #cloud: CloudContext;
  readonly #network: Network;
  readonly #tags: Tags;

  constructor(cloud: CloudContext, network: Network, tags: Tags) {
    this.#cloud = cloud;
    this.#network = network;
    this.#tags = tags;
    this.operations = {
      CreateLoadBalancer: (input: CreateLoadBalancerInput, call: Call) => ({
        LoadBalancers: [this.#create(input, call.now).record],
      }),
      DeleteLoadBalancer: ({ LoadBalancerArn }: { LoadBalancerArn: string }) => this.#delete(LoadBalancerArn),
      DescribeLoadBalancers: (input: DescribeLoadBalancersInput) => this.#describe(input),
      DescribeLoadBalancerAttributes: ({ LoadBalancerArn }: { LoadBalancerArn: string }) => ({
        Attributes: listAttributes(this.get(LoadBalancerArn).attributes),
      }),
      ModifyLoadBalancerAttributes: (input: { LoadBalancerArn: string; Attributes: Attribute[] }) => {
        const balancer = this.get(input.LoadBalancerArn);
        changeAttributes(balancer.attributes, input.Attributes);
        return { Attributes: listAttributes(balancer.attributes) };
      },
      SetSecurityGroups: (input: { LoadBalancerArn: string; SecurityGroups: string[] }) => {
        this.get(input.LoadBalancerArn).record.SecurityGroups = input.SecurityGroups;
        return { SecurityGroupIds: input.SecurityGroups };
      },
    };
  }

  all(): LoadBalancerRecord[] {
    return [...this.#balancers.values()].map(({ record }) => record);
  }

  /** @throws ServiceError LoadBalancerNotFound */
  get(arn: string): LoadBalancer {
    const found = this.#balancers.get(arn);
    if (!found) throw new ServiceError('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
    return found;
  }

  hasZone(arn: string, zone: string): boolean {
    const zones = this.#balancers.get(arn)?.record.AvailabilityZones ?? [];
    return zones.some(({ ZoneName }) => ZoneName === zone);
  }

  /** Puts one there that exists already. @param suffix the last part of its ARN */
  seed(input: CreateLoadBalancerInput, now: Instant, suffix: string): LoadBalancer {
    return this.#create(input, now, suffix);
  }

  #create(input: CreateLoadBalancerInput, now: Instant, suffix = this.#cloud.ids.hex(16)): LoadBalancer {
    const name = input.Name!;
    if (!/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/.test(name) || name.startsWith('internal-'))
      throw new ServiceError(
        'ValidationError',
        `Load balancer name '${name}' must be 32 letters, digits or hyphens at most`,
      );
    if (this.all().some((other) => other.LoadBalancerName === name))
      throw new ServiceError(
        'DuplicateLoadBalancerName',
        `A load balancer with the same name '${name}' exists, but with different settings`,
      );
    const subnets = (input.Subnets ?? input.SubnetMappings?.map((one) => one.SubnetId!) ?? []).map((id) =>
      this.#network.subnets.get(id),
    );
    const type = input.Type ?? 'application';
    if (type === 'application' && new Set(subnets.map((subnet) => subnet.AvailabilityZone)).size < 2)
      throw new ServiceError(
        'ValidationError',
        'At least two subnets in two different Availability Zones must be specified',
      );
    const scheme = input.Scheme ?? 'internet-facing';
    const { region, account } = this.#cloud;
    const kind = type === 'application' ? 'app' : 'net';
    const record: LoadBalancerRecord = {
      LoadBalancerArn: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${kind}/${name}/${suffix}`,
      LoadBalancerName: name,
      DNSName: dnsName(name, suffix, scheme, type, region),
      CanonicalHostedZoneId: type === 'application' ? 'Z35SXDOTRQ7X7K' : 'Z26RNL4JYFTOTI',
      CreatedTime: new Date(now),
      Scheme: scheme,
      Type: type,
      State: { Code: 'active' },
      VpcId: subnets[0]?.VpcId,
      IpAddressType: input.IpAddressType ?? 'ipv4',
      SecurityGroups: input.SecurityGroups ?? [],
      AvailabilityZones: subnets.map((subnet) => ({
        SubnetId: subnet.SubnetId,
        ZoneName: subnet.AvailabilityZone,
      })),
    };
    const balancer = { record, attributes: loadBalancerDefaults(type) };
    this.#balancers.set(record.LoadBalancerArn!, balancer);
    this.#tags.set(record.LoadBalancerArn!, input.Tags ?? []);
    return balancer;
  }

  #delete(arn: string): object {
    if (this.get(arn).attributes.get('deletion_protection.enabled') === 'true')
      throw new ServiceError(
        'OperationNotPermitted',
        `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
      );
    this.#balancers.delete(arn);
    this.#tags.delete(arn);
    return {};
  }

  #describe(input: DescribeLoadBalancersInput) {
    const named = input.LoadBalancerArns?.map((arn) => this.get(arn).record) ?? this.all();
    const found = named.filter(
      (record) => !input.Names?.length || input.Names.includes(record.LoadBalancerName!),
    );
    if (input.Names?.length && found.length < input.Names.length)
      throw new ServiceError(
        'LoadBalancerNotFound',
        `Load balancers '[${input.Names.join(', ')}]' not found`,
      );
    const { items, NextToken } = page(found, input.Marker, input.PageSize ?? 400, 400, 'PageSize');
    return { LoadBalancers: items, NextMarker: NextToken };
  }
}

function dnsName(name: string, suffix: string, scheme: string, type: string, region: string): string {
  if (type === 'network') return `${name}-${suffix}.elb.${region}.amazonaws.com`;
  return `${scheme === 'internal' ? 'internal-' : ''}${name}-${suffix}.${region}.elb.amazonaws.com`;
}
