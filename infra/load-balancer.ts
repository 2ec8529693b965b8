import { CfnOutput, Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct, type IDependable } from 'constructs';
import type { LoadBalancer } from '../shared/fleet/load-balancer.ts';
import type { MeasuredGroup } from '../shared/fleet/metric-query.ts';
import { accept } from './nag.ts';
import { fitted } from './names.ts';
import type { Place } from './network-stack.ts';

/** What comes before a group's servers, made or imported: where they register, and how it is measured. */
export interface Entrance {
  readonly targetGroupArns: string[];
  readonly measured: MeasuredGroup['loadBalancer'];
  /** Ready to take servers; a target group without a listener has no health checks. */
  readonly ready?: IDependable;
  readonly address?: string;
}

/** Target groups that exist. They are measured under their load balancer's name, if the fleet file gives it. */
export function existingEntrance(targetGroupArns: string[], loadBalancerArn: string | undefined): Entrance {
  if (loadBalancerArn === undefined) return { targetGroupArns, measured: undefined };
  const fullName = loadBalancerArn.split(':loadbalancer/')[1]!;
  const kind = fullName.startsWith('net/') ? 'network' : 'application';
  const targetGroup = targetGroupArns[0]!.split(':').at(-1)!;
  return { targetGroupArns, measured: { kind, fullName, targetGroup } };
}

interface EntranceProps {
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
export class NewEntrance extends Construct implements Entrance {
  readonly targetGroupArns: string[];
  readonly measured: NonNullable<MeasuredGroup['loadBalancer']>;
  readonly ready: IDependable;
  readonly address: string;

  constructor(scope: Construct, id: string, props: EntranceProps) {
    super(scope, id);
    const { name, settings, place, servers } = props;
    const kind = settings.protocol.startsWith('HTTP') ? 'application' : 'network';
    const door = new ec2.SecurityGroup(this, 'Door', {
      vpc: place.vpc,
      description: `Clients to the load balancer of ${name}`,
      allowAllOutbound: false,
    });
    const { balancer, target } =
      kind === 'application' ? applicationEntrance(this, props, door) : networkEntrance(this, props, door);
    openDoor(this, props, door);
    const ports = new Set([targetPort(settings), settings.healthCheck.port ?? targetPort(settings)]);
    for (const port of ports) door.connections.allowTo(servers, ec2.Port.tcp(port), 'To the servers');
    accept(this, {
      'AwsSolutions-ELB2':
        'Access logs need a bucket per region and cost by the request; what scaling needs is in the metrics.',
    });
    this.targetGroupArns = [target.targetGroupArn];
    this.ready = target.loadBalancerAttached;
    this.address = balancer.loadBalancerDnsName;
    this.measured = {
      kind,
      fullName: balancer.loadBalancerFullName,
      targetGroup: target.targetGroupFullName,
    };
    new CfnOutput(scope, 'LoadBalancerAddress', { value: this.address, description: `Address of ${name}` });
  }
}

function applicationEntrance(
  scope: Construct,
  { name, settings, place }: EntranceProps,
  door: ec2.ISecurityGroup,
) {
  const publicly = settings.scheme === 'internet-facing';
  const balancer = new elb.ApplicationLoadBalancer(scope, 'LoadBalancer', {
    loadBalancerName: fitted(`${name}-${side(settings)}-alb`, 32),
    vpc: place.vpc,
    vpcSubnets: publicly ? place.publicSubnets : place.serverSubnets,
    internetFacing: publicly,
    securityGroup: door,
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

function networkEntrance(
  scope: Construct,
  { name, settings, place }: EntranceProps,
  door: ec2.ISecurityGroup,
) {
  const publicly = settings.scheme === 'internet-facing';
  const balancer = new elb.NetworkLoadBalancer(scope, 'LoadBalancer', {
    loadBalancerName: fitted(`${name}-${side(settings)}-nlb`, 32),
    vpc: place.vpc,
    vpcSubnets: publicly ? place.publicSubnets : place.serverSubnets,
    internetFacing: publicly,
    securityGroups: [door],
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

function targetPort(settings: EntranceProps['settings']): number {
  return settings.targetPort ?? settings.port;
}

function side({ scheme }: EntranceProps['settings']): string {
  return scheme === 'internet-facing' ? 'public' : 'private';
}

function redirects({ protocol, redirectHttp, port }: EntranceProps['settings']): boolean {
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
function openDoor(scope: Construct, { settings, place }: EntranceProps, door: ec2.SecurityGroup): void {
  const publicly = settings.scheme === 'internet-facing';
  const ports = redirects(settings) ? [settings.port, 80] : [settings.port];
  for (const range of settings.allowFrom ?? [publicly ? '0.0.0.0/0' : place.cidr]) {
    const peer = range.includes(':') ? ec2.Peer.ipv6(range) : ec2.Peer.ipv4(range);
    for (const port of ports) door.addIngressRule(peer, ec2.Port.tcp(port), `Clients on ${port}`);
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
