import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { exampleFleet, plainGroup, synthesize } from '../kit/synthesis.ts';

const example = synthesize(exampleFleet);
const business = example.template('lunch-business');
const session = example.template('lunch-session');

const secured = synthesize(`
name: safe
groups:
  shop:${plainGroup}
    loadBalancer:
      scheme: internet-facing
      protocol: HTTPS
      port: 443
      targetPort: 8080
      certificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/0a1b
      healthCheck: { path: /ready, port: 9090 }
      algorithm: least_outstanding_requests
      deregistrationDelaySeconds: 30
      allowFrom: [203.0.113.0/24]
      rateLimitPerClient: 1000
  warm:${plainGroup}
    loadBalancer: { scheme: internal, protocol: HTTP, port: 80, slowStartSeconds: 60 }
  raw:${plainGroup}
    loadBalancer: { scheme: internal, protocol: TLS, port: 443, targetPort: 7000,
                    certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b" }
`);
const shop = secured.template('safe-shop');

describe('an HTTP load balancer', () => {
  it('is an application load balancer before the servers, which get traffic after their health check', () => {
    business.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      Type: 'application',
    });
    business.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Port: 8001,
      Protocol: 'HTTP',
      HealthCheckPath: '/health',
      HealthyThresholdCount: 2,
    });
    business.hasResource('AWS::AutoScaling::AutoScalingGroup', {
      Properties: { TargetGroupARNs: [Match.anyValue()] },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('Listener')]),
    });
  });

  it('speaks TLS with a certificate, and answers port 80 with a redirect', () => {
    shop.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b' }],
      SslPolicy: Match.stringLikeRegexp('^ELBSecurityPolicy-TLS13'),
    });
    shop.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
    });
  });

  it('redirects only once there is something to redirect to', () => {
    shop.hasResource('AWS::ElasticLoadBalancingV2::Listener', {
      Properties: { Port: 80 },
      DependsOn: [Match.stringLikeRegexp('Listener443')],
    });
  });

  it('has the attributes that its kind has', () => {
    shop.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetGroupAttributes: Match.arrayWith([
        { Key: 'deregistration_delay.timeout_seconds', Value: '30' },
        { Key: 'load_balancing.algorithm.type', Value: 'least_outstanding_requests' },
      ]),
    });
    secured.template('safe-warm').hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetGroupAttributes: Match.arrayWith([{ Key: 'slow_start.duration_seconds', Value: '60' }]),
    });
  });

  it('refuses a client that asks too often', () => {
    shop.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({
          Action: { Block: {} },
          Statement: { RateBasedStatement: { Limit: 1000, AggregateKeyType: 'IP' } },
        }),
      ],
    });
    shop.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    business.resourceCountIs('AWS::WAFv2::WebACL', 0);
  });
});

describe('a TCP load balancer', () => {
  it('is a network load balancer whose every zone reaches every server', () => {
    session.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internal',
      Type: 'network',
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]),
    });
    session.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'TCP',
      Port: 80,
      HealthCheckProtocol: 'TCP',
    });
  });

  it('ends TLS where it has a certificate', () => {
    secured.template('safe-raw').hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'TLS',
      Certificates: [Match.anyValue()],
    });
    secured.template('safe-raw').hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Protocol: 'TCP',
      Port: 7000,
    });
  });
});

describe('what is open', () => {
  it('is the listener to the world, where the load balancer is public', () => {
    expect(openings(business)).toEqual(['0.0.0.0/0 80']);
  });

  it('is the listener to the VPC, where it is internal', () => {
    expect(openings(session)).toEqual(['10.0.0.0/16 80']);
  });

  it('is the listener and its redirect to whom the fleet file allows', () => {
    expect(openings(shop)).toEqual(['203.0.113.0/24 443', '203.0.113.0/24 80']);
  });

  it('is, on the servers, what the load balancer asks: their port and that of the health check', () => {
    expect(serverPorts(session)).toEqual([80]);
    expect(serverPorts(shop)).toEqual([8080, 9090]);
  });
});

type Resources = ReturnType<typeof business.findResources>;

function openings(template: typeof business): string[] {
  const groups: Resources = template.findResources('AWS::EC2::SecurityGroup');
  return Object.values(groups).flatMap(({ Properties }) =>
    (Properties.SecurityGroupIngress ?? []).map(
      (rule: { CidrIp: string; FromPort: number }) => `${rule.CidrIp} ${rule.FromPort}`,
    ),
  );
}

function serverPorts(template: typeof business): number[] {
  const rules: Resources = template.findResources('AWS::EC2::SecurityGroupIngress');
  return Object.values(rules)
    .map(({ Properties }) => {
      expect(Properties.SourceSecurityGroupId).toBeDefined();
      return Properties.FromPort as number;
    })
    .sort((a, b) => a - b);
}
