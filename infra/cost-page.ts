import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { type Item, monthlyCost, polledMetric, prices, type Template, usage } from './cost.ts';
import { fleetApp } from './fleet-app.ts';
import { functions } from './functions.ts';

/** The example fleet's two kinds of group: three rules before a public load balancer, two before an internal one. */
const fleetFile = `
name: cost
groups:
  outer:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.xlarge }
    minSize: 3
    maxSize: 10
    loadBalancer: { scheme: internet-facing, port: 80 }
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 600,
                 evaluationPeriods: 3, scalingAdjustment: -1 }
      qps-high: { metric: requestsPerSecond, comparisonOperator: GreaterThanThreshold, threshold: 400, period: 300,
                  evaluationPeriods: 2, scalingAdjustment: 2 }
  inner:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 6
    loadBalancer: { scheme: internal, protocol: TCP, port: 80 }
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 600,
                 evaluationPeriods: 3, scalingAdjustment: -1 }
`;

const sizes = [2, 50, 500];

/** The page on what the scaler costs, for fleets of several sizes. */
export function costPage(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'rushhour-cost-'));
  const app = fleetApp(readFleet(fleetFile), {
    now: 0,
    fleetDirectory: '.',
    analyticsReporting: false,
    outdir,
    context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' },
    bundle: () => Object.fromEntries(Object.keys(functions).map((name) => [name, Code.fromInline('//')])),
  });
  const assembly = app.synth();
  const template = (stack: string): Template => assembly.getStackByName(stack).template;
  const groups = [template('cost-outer'), template('cost-inner')];
  const bills = sizes.map((size) => monthlyCost(template('cost-scaler'), groups, size));
  rmSync(outdir, { recursive: true });
  return page(bills);
}

function page(bills: readonly Item[][]): string {
  const rows = bills[0]!.map(({ what }, row) => [what, ...bills.map((bill) => dollars(bill[row]!.dollars))]);
  const totals = bills.map((bill) => bill.reduce((sum, item) => sum + item.dollars, 0));
  return `# What the scaler costs

Dollars a month in us-east-1 at list prices, without free tiers (which cover the dashboard and most of the rest for a
small fleet). The numbers of resources are those of the templates that \`cdk synth\` makes; the prices and what happens in
a month are in \`infra/cost.ts\`. \`node infra/write-cost.ts\` writes this page anew, and a test sees to it that it was.

Not in here: the servers, their disks, public addresses and traffic, load balancers, WAF and a VPC's NAT gateways. They
are there for the users' sake, with or without a scaler.

| | ${sizes.map((size) => `${size} groups`).join(' | ')} |
|---|${sizes.map(() => '--:').join('|')}|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
| **Together** | ${totals.map((total) => `**${dollars(total)}**`).join(' | ')} |
| for each group | ${totals.map((total, index) => dollars(total / sizes[index]!)).join(' | ')} |

Half of the groups are like \`business\` of the example fleet (three rules, a window, an application load balancer), half
like \`session\` (two rules, a window, a network load balancer). Each is assumed to have ${usage.activitiesPerGroupAndDay} activities a day, and each
activity to tell one person by e-mail.

What else may be on the bill:

| | a month |
|---|--:|
| a metric polled each minute, for target tracking | ${dollars(polledMetric())} |
| an objective or a forecast by CPU or memory: three metrics polled each minute | ${dollars(3 * polledMetric())} |
| the same by requests: five | ${dollars(5 * polledMetric())} |
| memory and disk of a group, by the CloudWatch agent: two custom metrics, and ${dollars(usage.minutes * 0.00001)} for each server that sends them | $0.60 |
| detailed monitoring, for each server: EC2's seven metrics every minute, unless \`detailedMonitoring: false\` makes do with five | ${dollars(7 * prices.customMetric)} |
| an alarm on a count of requests that scales in: a second metric | ${dollars(prices.alarmMetric)} |
| an alarm on a period below a minute, instead of ${dollars(0.1)} | ${dollars(0.3)} |

Where the money goes is why things are as they are: alarms are evaluated by CloudWatch, whose alarm costs a quarter of a
metric that a function polls each minute; one sweep looks at all groups, a hundred in a call; the scaler watches itself
with four alarms, however many groups there are; and the CloudWatch agent runs only where a rule looks at memory or disk.
`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
