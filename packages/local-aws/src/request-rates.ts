import { type Instant, ServiceError } from './service.ts';

/** A token bucket: its size, and what it gets back in a second. */
interface Rate {
  readonly atOnce: number;
  readonly perSecond: number;
}

interface RatedService {
  /** Operations that the first fitting pattern names share no bucket, unless it says so. */
  readonly rates: readonly (readonly [pattern: RegExp, rate: Rate, shared?: 'shared'])[];
  /** Reads that have a smaller bucket where they ask for everything: neither filtered nor in pages. */
  readonly ofEverything?: readonly [pattern: RegExp, rate: Rate];
  readonly refusal: readonly [code: string, message: string, status: number];
}

const rateExceeded = ['Throttling', 'Rate exceeded', 400] as const;
const tooManyRequests = ['TooManyRequestsException', 'Rate exceeded', 429] as const;

/**
 * How often operations may be called in an account and region, as AWS documents it.
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.aws.amazon.com/servicequotas/latest/userguide/reference_limits.html
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 * @see https://repost.aws/knowledge-center/autoscaling-api-calls-throttled
 */
const services: Readonly<Record<string, RatedService>> = {
  ec2: {
    rates: [
      [/^(Describe|Get|List|Search)/, { atOnce: 100, perSecond: 20 }],
      [/^(Run|Start)Instances$/, { atOnce: 5, perSecond: 2 }],
      [/^(Create|Delete)Tags$/, { atOnce: 100, perSecond: 10 }],
      [
        /^(TerminateInstances|CreateLaunchTemplateVersion|ModifyLaunchTemplate|DeregisterImage|ModifyInstanceMetadataOptions)$/,
        { atOnce: 100, perSecond: 5 },
      ],
      [/^(Create|Delete|Modify)VpcEndpoints?$/, { atOnce: 4, perSecond: 0.3 }],
      [/^(Create|Delete)NatGateway$/, { atOnce: 10, perSecond: 1 }],
      [/./, { atOnce: 50, perSecond: 5 }],
    ],
    ofEverything: [
      /^Describe(Instances|InstanceStatus|NetworkInterfaces|SecurityGroups|Snapshots|SpotInstanceRequests|Volumes)$/,
      { atOnce: 50, perSecond: 10 },
    ],
    refusal: ['RequestLimitExceeded', 'Request limit exceeded.', 503],
  },
  monitoring: {
    rates: [
      [/^DescribeAlarms$/, { atOnce: 9, perSecond: 9 }],
      [/^GetMetricData$/, { atOnce: 50, perSecond: 50 }],
      [/^ListMetrics$/, { atOnce: 25, perSecond: 25 }],
      [/^PutMetricData$/, { atOnce: 500, perSecond: 500 }],
    ],
    refusal: rateExceeded,
  },
  // No numbers are published for these two; operators have been throttled at sixty groups, asked one by one and all at once.
  // All calls of Auto Scaling share one limit.
  autoscaling: { rates: [[/^Describe/, { atOnce: 40, perSecond: 10 }, 'shared']], refusal: rateExceeded },
  elasticloadbalancing: { rates: [[/^Describe/, { atOnce: 40, perSecond: 10 }]], refusal: rateExceeded },
  lambda: {
    rates: [
      [/^Invoke/, { atOnce: 10_000, perSecond: 10_000 }],
      [/^GetFunction$/, { atOnce: 100, perSecond: 100 }],
      [/^GetPolicy$/, { atOnce: 15, perSecond: 15 }],
      [/./, { atOnce: 15, perSecond: 15 }, 'shared'],
    ],
    refusal: tooManyRequests,
  },
  servicequotas: { rates: [[/^Get/, { atOnce: 10, perSecond: 5 }]], refusal: tooManyRequests },
  ssm: {
    rates: [[/^GetParameter/, { atOnce: 40, perSecond: 40 }, 'shared']],
    refusal: ['ThrottlingException', 'Rate exceeded', 400],
  },
};

interface Bucket {
  tokens: number;
  since: Instant;
}

/** Refuses what is called more often than a service allows. */
export class RequestRates {
  readonly #buckets = new Map<string, Bucket>();
  /** Operations that were refused, as `ec2:DescribeInstances`, by how often. */
  readonly refused = new Map<string, number>();

  /**
   * @param input of the call: whether it asks for everything
   * @throws ServiceError in the service's own words
   */
  take(service: string, operation: string, now: Instant, input: object = {}): void {
    const rated = services[service];
    const all = rated?.ofEverything;
    const ofEverything = all?.[0].test(operation) && isOfEverything(input);
    const found = ofEverything ? all : rated?.rates.find(([pattern]) => pattern.test(operation));
    if (!rated || !found) return;
    const [pattern, { atOnce, perSecond }, shared] = found;
    const key = `${service}:${shared ? pattern : operation}${ofEverything ? ' of everything' : ''}`;
    const bucket = this.#buckets.get(key) ?? { tokens: atOnce, since: now };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(atOnce, bucket.tokens + ((now - bucket.since) / 1000) * perSecond);
    bucket.since = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return;
    }
    const name = `${service}:${operation}`;
    this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    const [code, message, status] = rated.refusal;
    throw new ServiceError(code, message, status);
  }
}

/** That servers are named makes it no smaller: the documentation speaks of filters and pages. */
function isOfEverything(input: object): boolean {
  const { Filters = [], MaxResults } = input as { Filters?: readonly unknown[]; MaxResults?: number };
  return Filters.length === 0 && MaxResults === undefined;
}
