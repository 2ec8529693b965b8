import { z } from 'zod';

const disk = z.strictObject({
  sizeGiB: z.int().min(1).max(16384),
  type: z.enum(['gp3', 'gp2', 'io1', 'io2', 'st1', 'sc1']).default('gp3'),
  iops: z.int().min(100).optional(),
});

const dataDisk = disk.extend({
  device: z.string().regex(/^\/dev\/(sd|xvd)[b-z]$/, { error: 'expected a device like /dev/sdf' }),
  /** Kept when the server goes; otherwise deleted with it. */
  keep: z.boolean().default(false),
  snapshotId: z
    .string()
    .regex(/^snap-[0-9a-f]+$/)
    .optional(),
});

const instanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, { error: 'expected an instance type like c7g.xlarge' });

const imageId = z.string().regex(/^(ami-([0-9a-f]{8}|[0-9a-f]{17})|ssm:\/[\w./-]+)$/, {
  error: 'expected an image like ami-0123456789abcdef0 or a parameter like ssm:/path/to/image',
});

/** What a new server is made of. */
export const launch = z
  .strictObject({
    imageId,
    /** One type, or several from most to least wanted. */
    instanceType: z.union([instanceType, z.array(instanceType).min(1).max(40)], {
      error: 'expected an instance type like c7g.xlarge, or a list of them',
    }),
    purchase: z
      .strictObject({
        onDemandBaseCapacity: z.int().min(0).default(0),
        onDemandPercentageAboveBaseCapacity: z.int().min(0).max(100).default(100),
        spotAllocationStrategy: z
          .enum(['price-capacity-optimized', 'capacity-optimized', 'lowest-price'])
          .default('price-capacity-optimized'),
      })
      .optional(),
    systemDisk: disk
      .extend({ device: z.string().startsWith('/dev/').default('/dev/xvda') })
      .prefault({ sizeGiB: 20 }),
    dataDisks: z.array(dataDisk).default([]),
    /** A script's path beside the fleet file; `{{NAME}}` in it is replaced from `environment`. */
    userData: z.string().optional(),
    /** Values for the user data: plain text, or `address-of:GROUP` for another group's load balancer. */
    environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).default({}),
    /** Environment name to the name of a Secrets Manager secret, read by the server when it boots. */
    secrets: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string().min(1)).default({}),
    /** An instance profile that exists; otherwise one is made with SSM access and what the agent needs. */
    instanceProfile: z.string().optional(),
    securityGroups: z.array(z.string().regex(/^sg-[0-9a-f]+$/)).default([]),
    detailedMonitoring: z.boolean().default(true),
  })
  .superRefine((value, context) => {
    const overlap = Object.keys(value.secrets).filter((name) => name in value.environment);
    for (const name of overlap) {
      context.addIssue({
        code: 'custom',
        path: ['secrets', name],
        message: 'expected a name that is not in environment',
      });
    }
  });

export type Launch = z.output<typeof launch>;

/** A command on the leaving server, before it is terminated. */
export const draining = z.strictObject({
  command: z.string().min(1).max(4000),
  timeoutSeconds: z.int().min(30).max(7200).default(300),
  /** What happens when the command fails or runs out of time. */
  defaultResult: z.enum(['CONTINUE', 'ABANDON']).default('CONTINUE'),
});

const port = z.int().min(1).max(65535);

const healthCheck = z.strictObject({
  path: z.string().startsWith('/').optional(),
  port: port.optional(),
  intervalSeconds: z.int().min(5).max(300).default(15),
  timeoutSeconds: z.int().min(2).max(120).default(5),
  healthyThreshold: z.int().min(2).max(10).default(2),
  unhealthyThreshold: z.int().min(2).max(10).default(3),
});

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'expected an address range like 203.0.113.0/24' });

/** HTTP and HTTPS make an application load balancer, TCP and TLS a network one. */
export const loadBalancer = z
  .strictObject({
    /** Target groups that exist already; nothing else is made then. */
    targetGroupArns: z.array(z.string().startsWith('arn:')).min(1).optional(),
    /** The load balancer before those target groups: its metrics carry its name. */
    loadBalancerArn: z
      .string()
      .regex(/^arn:.+:loadbalancer\/(app|net)\/.+/)
      .optional(),
    scheme: z.enum(['internet-facing', 'internal']).optional(),
    protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'TLS']).default('HTTP'),
    port: port.optional(),
    targetPort: port.optional(),
    certificateArn: z.string().startsWith('arn:').optional(),
    /** With HTTPS: port 80 answers with a redirect. */
    redirectHttp: z.boolean().default(true),
    healthCheck: healthCheck.prefault({}),
    deregistrationDelaySeconds: z.int().min(0).max(3600).default(60),
    slowStartSeconds: z.int().min(30).max(900).optional(),
    algorithm: z.enum(['round_robin', 'least_outstanding_requests']).optional(),
    /** Who may reach an internet-facing listener; an internal one is open to its VPC. */
    allowFrom: z.array(cidr).optional(),
    /** Requests per five minutes and client address, beyond which WAF refuses. */
    rateLimitPerClient: z.int().min(10).max(2_000_000_000).optional(),
  })
  .superRefine((lb, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (lb.targetGroupArns) return;
    if (lb.scheme === undefined) complain('scheme', 'expected internet-facing or internal');
    if (lb.port === undefined) complain('port', 'expected a port between 1 and 65535');
    const network = lb.protocol === 'TCP' || lb.protocol === 'TLS';
    const secure = lb.protocol === 'HTTPS' || lb.protocol === 'TLS';
    if (secure && !lb.certificateArn)
      complain('certificateArn', `expected a certificate's ARN: ${lb.protocol} needs one`);
    if (!secure && lb.certificateArn)
      complain('certificateArn', `expected none: ${lb.protocol} has no certificate`);
    if (network && lb.slowStartSeconds)
      complain('slowStartSeconds', 'expected none: a network load balancer has no slow start');
    if (network && lb.algorithm)
      complain('algorithm', 'expected none: a network load balancer has no choice of algorithm');
    if (network && lb.rateLimitPerClient)
      complain('rateLimitPerClient', 'expected none: WAF does not stand before a network load balancer');
    if (lb.slowStartSeconds && lb.algorithm === 'least_outstanding_requests') {
      complain('slowStartSeconds', 'expected none with least_outstanding_requests: AWS has only one of them');
    }
    if (lb.healthCheck.timeoutSeconds >= lb.healthCheck.intervalSeconds) {
      complain('healthCheck', 'expected timeoutSeconds below intervalSeconds');
    }
  });

export type LoadBalancer = z.output<typeof loadBalancer>;

/** A VPC that exists, or one that is made over two zones, without NAT gateways unless asked for. */
export const network = z.union(
  [
    z.strictObject({
      vpcId: z.string().regex(/^vpc-[0-9a-f]+$/),
      /** The VPC's address range: an internal load balancer is open to it. */
      cidr: z.cidrv4(),
      availabilityZones: z.array(z.string()).min(1),
      /** One per availability zone, in their order; servers are in the private ones if there are any. */
      publicSubnetIds: z.array(z.string()).default([]),
      privateSubnetIds: z.array(z.string()).default([]),
    }),
    z.strictObject({
      cidr: z.cidrv4().default('10.0.0.0/16'),
      maxAzs: z.int().min(2).max(6).default(2),
      natGateways: z.int().min(0).max(6).default(0),
    }),
  ],
  {
    error:
      'expected {vpcId, cidr, availabilityZones, publicSubnetIds, privateSubnetIds} or {cidr, maxAzs, natGateways}',
  },
);

export type Network = z.output<typeof network>;

/** Names of groups that a launch refers to. */
export function referencedGroups(value: Launch): string[] {
  return Object.values(value.environment).flatMap((text) =>
    text.startsWith('address-of:') ? [text.slice('address-of:'.length)] : [],
  );
}
