import type { Draw } from '../dice.ts';

/** A group as a fleet file has it. */
export interface DrawnGroup {
  readonly alarms: Readonly<Record<string, object>>;
  readonly targets?: readonly object[];
  readonly instances?: readonly string[];
  readonly [key: string]: unknown;
}

export type ProviderElsewhere = 'kubernetes' | 'tencent' | 'alibaba';

/** The metric that says the load of the whole group, where the rules of each provider can go by it. */
const loadOf: Readonly<Record<ProviderElsewhere, object>> = {
  kubernetes: prometheus(),
  tencent: prometheus(),
  alibaba: { namespace: 'acs_customMetric_1', metricName: 'QPS', statistic: 'Average', perServer: false },
};

/** Ids of servers that may be adopted, as each provider gives them: `i-0000000a` is the one of EC2. Their ends are like no others. */
const idOf: Readonly<Record<ProviderElsewhere, (id: string) => string>> = {
  kubernetes: (id) => id,
  tencent: (id) => `ins-fixed00${id.at(-1)}`,
  alibaba: (id) => `i-bp1${id.slice(2)}fixed`,
};

export function isElsewhere(provider: string): provider is ProviderElsewhere {
  return provider in loadOf;
}

export function strayServer(provider: ProviderElsewhere, id: string): string {
  return idOf[provider](id);
}

const settingsOf: Readonly<Record<ProviderElsewhere, (name: string) => object>> = {
  kubernetes: (name) => ({
    cluster: { server: name === 'session' ? 'https://depot' : 'https://shop', token: 'token' },
    namespace: 'shop',
    deployment: name,
  }),
  tencent: (name) => ({
    region: 'ap-guangzhou',
    scalingGroup: `asg-${name.padEnd(8, '0')}`,
    credentials: 'key',
  }),
  alibaba: (name) => ({
    region: 'cn-hangzhou',
    scalingGroup: `asg-${name.padEnd(20, '0')}`,
    credentials: 'key',
  }),
};

/** A group of EC2's as one of another provider, with rules that the sweep judges: of several datapoints, some of which may lack. */
export function groupElsewhere(
  draw: Draw,
  provider: ProviderElsewhere,
  { existing: _, loadBalancer: __, instances, ...group }: DrawnGroup,
  name: string,
): object {
  const { 'qps-high': ofLoad, ...ofCpu } = group.alarms;
  const hasAlarms = provider === 'kubernetes';
  const targets = group.targets?.map((target) => ({ ...target, metric: 'cpu' }));
  return {
    ...group,
    [provider]: settingsOf[provider](name),
    alarms: {
      ...(hasAlarms ? ofCpu : judged(draw, ofCpu)),
      ...judged(draw, {
        ...(ofLoad && { 'load-high': { ...ofLoad, metric: loadOf[provider] } }),
        ...(hasAlarms && draw.chance(0.6) && { 'load-low': lowLoad(draw) }),
      }),
    },
    ...(targets && { targets }),
    ...(instances && !hasAlarms && { instances: instances.map((id) => strayServer(provider, id)) }),
  };
}

function prometheus(): object {
  return { prometheus: { url: 'https://prometheus', query: 'sum(rate(requests[1m]))' }, perServer: false };
}

/** Rules by the load of the whole group, as a Prometheus has it: of a provider whose other rules are alarms of CloudWatch. */
export function loadRules(draw: Draw): Record<string, object> {
  const high = {
    metric: prometheus(),
    comparisonOperator: 'GreaterThanThreshold',
    threshold: draw.of([200, 400]),
    scalingAdjustment: draw.between(1, 3),
    cooldown: draw.of([60, 300]),
  };
  return judged(draw, { 'load-high': high, ...(draw.chance(0.6) && { 'load-low': lowLoad(draw) }) });
}

function lowLoad(draw: Draw): object {
  return {
    metric: prometheus(),
    comparisonOperator: 'LessThanThreshold',
    threshold: 80,
    scalingAdjustment: draw.between(-2, -1),
    cooldown: draw.of([60, 180, 600]),
  };
}

/** M of N datapoints, of periods that are longer than a minute at times. */
function judged(draw: Draw, alarms: Readonly<Record<string, object>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(alarms).map(([name, rule]) => {
      const evaluationPeriods = draw.of([1, 1, 2, 3]);
      const treatments = ['missing', 'missing', 'ignore', 'notBreaching', 'breaching'];
      const judgedBy = {
        period: draw.of([60, 60, 60, 120, 300]),
        evaluationPeriods,
        datapointsToAlarm: draw.between(1, evaluationPeriods),
        treatMissingData: draw.of(name.endsWith('-low') ? treatments.slice(0, 3) : treatments),
      };
      return [name, { ...rule, ...judgedBy }];
    }),
  );
}
