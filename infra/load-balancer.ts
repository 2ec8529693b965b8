import { Duration, Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct, type IDependable } from 'constructs';
import type { LoadBalancer } from '../shared/fleet/load-balancer.ts';
import type { MeasuredGroup } from '../shared/fleet/metric-query.ts';
import { accept } from './nag.ts';
import { fitted } from './names.ts';
import { output } from './own-stack.ts';
import type { Place } from './place.ts';

/** What is before a group's servers, made or imported: where they register, and how it is measured. */
export interface GroupLoadBalancer {
  readonly targetGroupArns: string[];
  readonly measured: MeasuredGroup['loadBalancer'];
  /** Ready to take servers; a target group without a listener has no health checks. */
  readonly ready?: IDependable;
  readonly address?: string;
  /** The one that was made. */
  readonly construct?: elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer;
}

/** Target groups that exist. They are measured under their load balancer's name, if the fleet file gives it. */
export function existingLoadBalancer(
  targetGroupArns: string[],
  loadBalancerArn: string | undefined,
): GroupLoadBalancer {
  if (loadBalancerArn === undefined) return { targetGroupArns, measured: undefined };
  const fullName = loadBalancerArn.split(':loadbalancer/')[1]!;
  const kind = fullName.startsWith('net/') ? 'network' : 'application';
  const targetGroup = targetGroupArns[0]!.split(':').at(-1)!;
  return { targetGroupArns, measured: { kind, fullName, targetGroup } };
}

/** Target groups of the same app. What they are called is known once they are deployed. */
export function givenLoadBalancer(
  kind: 'application' | 'network',
  loadBalancer: elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer,
  targetGroups: readonly elb.ITargetGroup[],
): GroupLoadBalancer {
  const first = targetGroups[0]!;
  // Those that the app makes say it themselves; of an imported one there is only the ARN.
  const { loadBalancerFullName } = loadBalancer as { readonly loadBalancerFullName?: string };
  const { targetGroupFullName } = first as { readonly targetGroupFullName?: string };
  return {
    targetGroupArns: targetGroups.map(({ targetGroupArn }) => targetGroupArn),
    measured: {
      kind,
      fullName:
        loadBalancerFullName ?? Fn.select(1, Fn.split(':loadbalancer/', loadBalancer.loadBalancerArn)),
      targetGroup: targetGroupFullName ?? Fn.select(5, Fn.split(':', first.targetGroupArn)),
    },
    ready: first.loadBalancerAttached,
  };
}

interface LoadBalancerProps {
  /** FLEET-GROUP */
  readonly name: string;
  readonly settings: LoadBalancer & { port: number; scheme: 'internet-facing' | 'internal' };
  readonly place: Place;
  readonly servers: ec2.ISecurityGroup;
}

/**
 * A load balancer with its listener, target group and exactly the openings they need. Names hold what cannot be changed
 * in place, so that CloudFormation can make the successor before it deletes the old one; a target group's also what its
 * load balancer is, for it cannot serve two.
 */
export class NewLoadBalancer extends Construct implements GroupLoadBalancer {
  readonly targetGroupArns: string[];
  readonly measured: NonNullable<MeasuredGroup['loadBalancer']>;
  readonly ready: IDependable;
  readonly address: string;
  readonly construct: elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, settings, place, servers } = props;
    const kind = settings.protocol.startsWith('HTTP') ? 'application' : 'network';
    const clients = new ec2.SecurityGroup(this, 'ClientSecurityGroup', {
      vpc: place.vpc,
      description: `Clients to the load balancer of ${name}`,
      allowAllOutbound: false,
    });
    const { balancer, target } =
      kind === 'application' ? application(this, props, clients) : network(this, props, clients);
    admitClients(this, props, clients);
    const ports = new Set([targetPort(settings), settings.healthCheck.port ?? targetPort(settings)]);
    for (const port of ports) clients.connections.allowTo(servers, ec2.Port.tcp(port), 'To the servers');
    accept(this, {
      'AwsSolutions-ELB2':
        'Access logs need a bucket per region and cost by the request; what scaling needs is in the metrics.',
    });
    this.targetGroupArns = [target.targetGroupArn];
    this.ready = target.loadBalancerAttached;
    // CDK's class and interface disagree on optional members when `exactOptionalPropertyTypes` is on.
    this.construct = balancer as elb.IApplicationLoadBalancer | elb.INetworkLoadBalancer;
    // A load balancer that faces the internet is refused in a VPC that has no way there yet.
    if (place.ready) balancer.node.addDependency(place.ready);
    this.address = balancer.loadBalancerDnsName;
    this.measured = {
      kind,
      fullName: balancer.loadBalancerFullName,
      targetGroup: target.targetGroupFullName,
    };
    output(scope, 'LoadBalancerAddress', this.address, `Address of ${name}`);
  }
}

function application(
  scope: Construct,
  { name, settings, place }: LoadBalancerProps,
  clients: ec2.ISecurityGroup,
) {
  const publicly = settings.scheme === 'internet-facing';
  const balancer = new elb.ApplicationLoadBalancer(scope, 'Resource', {
    loadBalancerName: fitted(`${name}-${side(settings)}-alb`, 32),
    vpc: place.vpc,
    vpcSubnets: publicly ? place.publicSubnets : place.serverSubnets,
    internetFacing: publicly,
    securityGroup: clients,
    dropInvalidHeaderFields: true,
  });
  const target = new elb.ApplicationTargetGroup(scope, 'TargetGroup', {
    targetGroupName: fitted(`${name}-${side(settings)}-http-${targetPort(settings)}`, 32),
    vpc: place.vpc,
    targetType: elb.TargetType.INSTANCE,
    protocol: elb.ApplicationProtocol.HTTP,
    port: targetPort(settings),
    deregistrationDelay: Duration.seconds(settings.deregistrationDelaySeconds),
    healthCheck: healthCheck(settings, elb.Protocol.HTTP),
    ...(settings.slowStartSeconds && { slowStart: Duration.seconds(settings.slowStartSeconds) }),
    ...(settings.algorithm && {
      loadBalancingAlgorithmType: settings.algorithm as elb.TargetGroupLoadBalancingAlgorithmType,
    }),
  });
  const secure = settings.protocol === 'HTTPS';
  const listener = balancer.addListener(listenerId(settings.port), {
    port: settings.port,
    protocol: secure ? elb.ApplicationProtocol.HTTPS : elb.ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [target],
    ...(secure && {
      certificates: [elb.ListenerCertificate.fromArn(settings.certificateArn!)],
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    }),
  });
  if (redirects(settings)) {
    const redirect = balancer.addListener(listenerId(80), {
      port: 80,
      protocol: elb.ApplicationProtocol.HTTP,
      open: false,
      defaultAction: elb.ListenerAction.redirect({
        protocol: 'HTTPS',
        port: String(settings.port),
        permanent: true,
      }),
    });
    redirect.node.addDependency(listener);
  }
  if (settings.rateLimitPerClient) limitRate(scope, name, settings.rateLimitPerClient, balancer);
  return { balancer, target };
}

function network(
  scope: Construct,
  { name, settings, place }: LoadBalancerProps,
  clients: ec2.ISecurityGroup,
) {
  const publicly = settings.scheme === 'internet-facing';
  const balancer = new elb.NetworkLoadBalancer(scope, 'Resource', {
    loadBalancerName: fitted(`${name}-${side(settings)}-nlb`, 32),
    vpc: place.vpc,
    vpcSubnets: publicly ? place.publicSubnets : place.serverSubnets,
    internetFacing: publicly,
    securityGroups: [clients],
    // A group may be smaller than the number of zones: every zone's address must reach every server.
    crossZoneEnabled: true,
  });
  const target = new elb.NetworkTargetGroup(scope, 'TargetGroup', {
    targetGroupName: fitted(`${name}-${side(settings)}-tcp-${targetPort(settings)}`, 32),
    vpc: place.vpc,
    targetType: elb.TargetType.INSTANCE,
    protocol: elb.Protocol.TCP,
    port: targetPort(settings),
    deregistrationDelay: Duration.seconds(settings.deregistrationDelaySeconds),
    healthCheck: healthCheck(settings, settings.healthCheck.path ? elb.Protocol.HTTP : elb.Protocol.TCP),
  });
  const secure = settings.protocol === 'TLS';
  balancer.addListener(listenerId(settings.port), {
    port: settings.port,
    protocol: secure ? elb.Protocol.TLS : elb.Protocol.TCP,
    defaultTargetGroups: [target],
    ...(secure && {
      certificates: [elb.ListenerCertificate.fromArn(settings.certificateArn!)],
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
    }),
  });
  return { balancer, target };
}

/** A listener is its port: port 80 turns into a redirect, and back, where it is. Two of them cannot hold it in turns. */
function listenerId(port: number): string {
  return `Listener${port}`;
}

function targetPort(settings: LoadBalancerProps['settings']): number {
  return settings.targetPort ?? settings.port;
}

function side({ scheme }: LoadBalancerProps['settings']): string {
  return scheme === 'internet-facing' ? 'public' : 'private';
}

function redirects({ protocol, redirectHttp, port }: LoadBalancerProps['settings']): boolean {
  return protocol === 'HTTPS' && redirectHttp && port !== 80;
}

function healthCheck({ healthCheck }: LoadBalancer, protocol: elb.Protocol): elb.HealthCheck {
  return {
    protocol,
    ...(protocol === elb.Protocol.HTTP && { path: healthCheck.path ?? '/' }),
    ...(healthCheck.port && { port: String(healthCheck.port) }),
    interval: Duration.seconds(healthCheck.intervalSeconds),
    timeout: Duration.seconds(healthCheck.timeoutSeconds),
    healthyThresholdCount: healthCheck.healthyThreshold,
    unhealthyThresholdCount: healthCheck.unhealthyThreshold,
  };
}

/** Who may come in: what the fleet file says, or everybody to a public one and the VPC to a private one. */
function admitClients(
  scope: Construct,
  { settings, place }: LoadBalancerProps,
  clients: ec2.SecurityGroup,
): void {
  const publicly = settings.scheme === 'internet-facing';
  const ports = redirects(settings) ? [settings.port, 80] : [settings.port];
  for (const range of settings.allowFrom ?? [publicly ? '0.0.0.0/0' : place.vpc.vpcCidrBlock]) {
    const peer = range.includes(':') ? ec2.Peer.ipv6(range) : ec2.Peer.ipv4(range);
    for (const port of ports) clients.addIngressRule(peer, ec2.Port.tcp(port), `Clients on ${port}`);
  }
  if (publicly) {
    accept(scope, {
      'AwsSolutions-EC23':
        'A public load balancer is open to the world; only its listeners are, not the servers.',
    });
  }
}

/** An address that asks more often than this in five minutes is refused, and not paid for with servers. */
function limitRate(
  scope: Construct,
  name: string,
  limit: number,
  balancer: elb.ApplicationLoadBalancer,
): void {
  const visible = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName,
  });
  const acl = new wafv2.CfnWebACL(scope, 'RateLimit', {
    name,
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: visible(name),
    rules: [
      {
        name: 'requests-per-client',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
        visibilityConfig: visible(`${name}-refused`),
      },
    ],
  });
  new wafv2.CfnWebACLAssociation(scope, 'RateLimited', {
    webAclArn: acl.attrArn,
    resourceArn: balancer.loadBalancerArn,
  });
}
