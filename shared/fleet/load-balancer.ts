import { z } from 'zod';
import { acrossFields, type Complain, type Draft } from './across-fields.ts';
import { arn, pattern, wholeNumber } from './scalars.ts';

const port = wholeNumber(1, 65_535).describe('Port.');

const healthCheck = acrossFields(
  z.strictObject({
    path: pattern(/^\/[!-~]{0,1023}$/, 'expected a path like /health')
      .optional()
      .describe('Asked for by HTTP; without it a network load balancer only connects.'),
    port: port.optional().describe("Default: the target's own port."),
    intervalSeconds: wholeNumber(5, 300, ' of seconds').default(15).describe('From check to check.'),
    timeoutSeconds: wholeNumber(2, 120, ' of seconds').default(5).describe('No answer by then is a failure.'),
    healthyThreshold: wholeNumber(2, 10).default(2).describe('So many in a row make it healthy.'),
    unhealthyThreshold: wholeNumber(2, 10).default(3).describe('So many in a row make it unhealthy.'),
  }),
  ({ timeoutSeconds, intervalSeconds }, complain) => {
    if (timeoutSeconds && intervalSeconds && timeoutSeconds >= intervalSeconds)
      complain('timeoutSeconds', `expected less than intervalSeconds (${intervalSeconds})`);
  },
);

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'expected an address range like 203.0.113.0/24' });

/** HTTP and HTTPS make an application load balancer, TCP and TLS a network one. */
export const loadBalancer = acrossFields(
  z.strictObject({
    targetGroupArns: z
      .array(arn)
      .min(1, { error: 'expected at least one target group' })
      .optional()
      .describe('Target groups that exist already; nothing else is made then.'),
    loadBalancerArn: pattern(
      /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d+:loadbalancer\/(app|net)\/[\w/-]+$/,
      "expected a load balancer's ARN",
    )
      .optional()
      .describe('The load balancer before those target groups: its metrics carry its name.'),
    given: z
      .enum(['application', 'network'])
      .optional()
      .describe(
        'In a CDK app: which kind of load balancer the app gives to RushhourFleet, with its target groups.',
      ),
    scheme: z
      .enum(['internet-facing', 'internal'])
      .optional()
      .describe('Who reaches it: everybody, or the VPC.'),
    protocol: z
      .enum(['HTTP', 'HTTPS', 'TCP', 'TLS'])
      .default('HTTP')
      .describe('HTTP and HTTPS make an application load balancer, TCP and TLS a network one.'),
    port: port.optional().describe('The port it listens on.'),
    targetPort: port.optional().describe('The port of the servers. Default: the same.'),
    certificateArn: arn.optional().describe('For HTTPS and TLS.'),
    redirectHttp: z.boolean().default(true).describe('With HTTPS: port 80 answers with a redirect.'),
    healthCheck: healthCheck.prefault({}).describe('Only healthy servers get traffic.'),
    deregistrationDelaySeconds: wholeNumber(0, 3600, ' of seconds')
      .default(60)
      .describe('So long a leaving server may finish its connections.'),
    slowStartSeconds: wholeNumber(30, 900, ' of seconds')
      .optional()
      .describe('A new server gets its share only gradually.'),
    algorithm: z
      .enum(['round_robin', 'least_outstanding_requests'])
      .optional()
      .describe('How requests are dealt out.'),
    allowFrom: z
      .array(cidr)
      .optional()
      .describe('Who may reach an internet-facing listener; an internal one is open to its VPC.'),
    rateLimitPerClient: wholeNumber(10, 2_000_000_000, ' of requests')
      .optional()
      .describe('Requests per five minutes and client address, beyond which WAF refuses.'),
  }),
  (lb, complain) => {
    if (isImported(lb)) return;
    if (!('scheme' in lb)) complain('scheme', 'expected internet-facing or internal');
    if (!('port' in lb)) complain('port', 'expected a whole number between 1 and 65535');
    certificateRules(lb, complain);
    if (lb.protocol === 'TCP' || lb.protocol === 'TLS') networkRules(lb, complain);
    if ('slowStartSeconds' in lb && lb.algorithm === 'least_outstanding_requests')
      complain('slowStartSeconds', 'expected none with least_outstanding_requests: AWS has only one of them');
  },
);

export type LoadBalancer = z.output<typeof loadBalancer>;

/** Others have made it: its target groups are named here, or given in the CDK app. */
export function isImported(lb: object): boolean {
  return 'targetGroupArns' in lb || 'given' in lb;
}

function certificateRules(lb: Draft<LoadBalancer>, complain: Complain): void {
  if (lb.protocol === undefined) return;
  const secure = lb.protocol === 'HTTPS' || lb.protocol === 'TLS';
  if (secure && !('certificateArn' in lb))
    complain('certificateArn', `expected a certificate's ARN, which ${lb.protocol} needs`);
  if (!secure && 'certificateArn' in lb)
    complain('certificateArn', `expected none: ${lb.protocol} has no certificate`);
}

function networkRules(lb: Draft<LoadBalancer>, complain: Complain): void {
  if ('slowStartSeconds' in lb)
    complain('slowStartSeconds', 'expected none: a network load balancer has no slow start');
  if ('algorithm' in lb)
    complain('algorithm', 'expected none: a network load balancer has no choice of algorithm');
  if ('rateLimitPerClient' in lb)
    complain('rateLimitPerClient', 'expected none: WAF does not stand before a network load balancer');
}
