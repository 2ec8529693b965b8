/** The parts of a template that cost something. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type has its own properties.
  readonly Properties?: any;
}

/** One line of the bill: dollars a month. */
export interface Item {
  readonly what: string;
  readonly dollars: number;
}

/**
 * Dollars in us-east-1, without any free tier.
 * @see https://aws.amazon.com/cloudwatch/pricing/ and the pricing pages of the other services
 */
export const prices = {
  /** Per metric of an alarm and month; finer than a minute is high resolution. */
  alarmMetric: 0.1,
  alarmMetricHighResolution: 0.3,
  customMetric: 0.3,
  dashboard: 3,
  cloudWatchRequest: 0.01 / 1000,
  metricRead: 0.01 / 1000,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecondArm: 0.0000133334,
  tableRead: 0.125 / 1e6,
  tableWrite: 0.625 / 1e6,
  /** A month, with its continuous backups. */
  tableGb: 0.25 + 0.2,
  scheduleInvocation: 1 / 1e6,
  customEvent: 1 / 1e6,
  email: 2 / 1e5,
  logGb: 0.5,
} as const;

/** What is not in the template: how much happens in a month. */
export const usage = {
  minutes: 730 * 60,
  days: 730 / 24,
  /** A quiet sweep, on 512 MB. */
  sweepSeconds: (groups: number) => 0.4 + 0.004 * groups,
  /** Capacity changes, each of which is some events, writes and a notice. */
  activitiesPerGroupAndDay: 12,
  eventSecondsPerActivity: 3,
  writesPerActivity: 10,
  /** Decided, under way, ended. */
  eventsPerActivity: 3,
  rowKb: 0.7,
  /** `historyRetentionDays`, where the fleet file says nothing else. */
  rowDays: 400,
  /** A line for the run, and one per metric that it counted. */
  logKbPerSweep: 3,
  alarmsPerDescription: 100,
  /** `Groups`, `SweepDuration`, `Activities`, `Errors`, and decisions by some four reasons. */
  customMetrics: 8,
} as const;

/** What a scaler with this template costs a month, for this many groups with these templates. */
export function monthlyCost(scaler: Template, groupTemplates: readonly Template[], groups: number): Item[] {
  const some = Array.from({ length: groups }, (_, index) => groupTemplates[index % groupTemplates.length]!);
  const sum = (count: (template: Template) => number) => some.reduce((total, one) => total + count(one), 0);
  const rules = sum((template) => ofType(template, 'AWS::CloudWatch::Alarm').filter(isRule).length);
  const schedules = sum((template) => ofType(template, 'AWS::Scheduler::Schedule').length);
  const activities = groups * usage.activitiesPerGroupAndDay * usage.days;
  const gigabytes = sweepMegabytes(scaler) / 1024;
  const { minutes } = usage;
  return [
    { what: 'Alarms of the groups', dollars: sum(alarmDollars) },
    { what: "The scaler's own alarms", dollars: alarmDollars(scaler) },
    {
      what: 'Dashboard',
      dollars: ofType(scaler, 'AWS::CloudWatch::Dashboard').length * prices.dashboard,
    },
    { what: "The scaler's own metrics", dollars: usage.customMetrics * prices.customMetric },
    {
      what: 'Sweeps: functions and their schedule',
      dollars:
        minutes * (prices.lambdaRequest + prices.scheduleInvocation) +
        minutes * usage.sweepSeconds(groups) * gigabytes * prices.lambdaGbSecondArm,
    },
    {
      what: 'Sweeps: reading alarms',
      dollars: minutes * Math.ceil(rules / usage.alarmsPerDescription) * prices.cloudWatchRequest,
    },
    { what: 'Sweeps: reading the ledger', dollars: minutes * groups * prices.tableRead },
    { what: 'Logs', dollars: ((minutes * usage.logKbPerSweep) / 1e6) * prices.logGb },
    {
      what: 'Windows that open and close',
      dollars: schedules * usage.days * (prices.scheduleInvocation + prices.lambdaRequest),
    },
    {
      what: 'Activities: functions, ledger, log, events, e-mail',
      dollars:
        activities *
        (usage.eventSecondsPerActivity * gigabytes * prices.lambdaGbSecondArm +
          usage.writesPerActivity * prices.tableWrite +
          usage.eventsPerActivity * prices.customEvent +
          prices.email),
    },
    {
      what: 'The history, kept and backed up',
      dollars: ((activities / usage.days) * usage.rowDays * usage.rowKb * prices.tableGb) / 1e6,
    },
  ];
}

/** One metric that is polled each minute: for target tracking or steps that repeat. A forecast takes three. */
export function polledMetric(): number {
  return usage.minutes * prices.metricRead;
}

function ofType(template: Template, type: string): Resource[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === type);
}

/** The sweep reads the states of those that call a function; the others tell people. */
function isRule({ Properties }: Resource): boolean {
  return Properties.OKActions === undefined;
}

function alarmDollars(template: Template): number {
  return ofType(template, 'AWS::CloudWatch::Alarm').reduce((total, { Properties }) => {
    const stats: { Period: number }[] = (Properties.Metrics ?? [{ MetricStat: Properties }]).flatMap(
      ({ MetricStat }: { MetricStat?: { Period: number } }) => MetricStat ?? [],
    );
    const dollars = stats.map(({ Period }) =>
      Period < 60 ? prices.alarmMetricHighResolution : prices.alarmMetric,
    );
    return total + dollars.reduce((a, b) => a + b, 0);
  }, 0);
}

function sweepMegabytes(scaler: Template): number {
  const sweep = ofType(scaler, 'AWS::Lambda::Function').find(({ Properties }) =>
    Properties.FunctionName.endsWith('-sweep'),
  );
  if (!sweep) throw new Error('The scaler has no sweep');
  return sweep.Properties.MemorySize;
}
