import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { monthlyCost, prices, type Template, usage } from '../../infra/cost.ts';
import { costPage } from '../../infra/cost-page.ts';

const sweep = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f-sweep', MemorySize: 512 } };
const scaler: Template = { Resources: { sweep } };

const alarm = (Properties: object) => ({
  Resources: { alarm: { Type: 'AWS::CloudWatch::Alarm', Properties } },
});
const alarmDollars = (group: Template, groups = 1) =>
  monthlyCost(scaler, [group], groups).find(({ what }) => what === 'Alarms of the groups')!.dollars;

it('charges an alarm by its metrics, and three times as much below a minute', () => {
  expect(alarmDollars(alarm({ MetricName: 'CPUUtilization', Period: 300 }))).toBe(prices.alarmMetric);
  expect(alarmDollars(alarm({ MetricName: 'Waiting', Period: 10 }))).toBe(prices.alarmMetricHighResolution);
  const rate = { Metrics: [{ Expression: 'm / 60' }, { MetricStat: { Period: 60 } }] };
  expect(alarmDollars(alarm(rate))).toBe(prices.alarmMetric);
});

it('charges each of many groups by its own template', () => {
  const group = alarm({ MetricName: 'CPUUtilization', Period: 300 });
  expect(alarmDollars(group, 50)).toBeCloseTo(5);
});

it('charges each sweep for the alarms whose states it reads, and not for those that tell people', () => {
  const reading = (group: Template) =>
    monthlyCost(scaler, [group], 101).find(({ what }) => what === 'Sweeps: reading alarms')!.dollars;
  const once = usage.minutes * prices.cloudWatchRequest;
  expect(reading(alarm({ Period: 300 }))).toBeCloseTo(2 * once);
  expect(reading(alarm({ Period: 300, OKActions: ['notices'] }))).toBe(0);
});

it('charges a history that is full for what it keeps', () => {
  const bill = monthlyCost(scaler, [alarm({ Period: 300 })], 500);
  const history = bill.find(({ what }) => what.startsWith('The history'))!;
  // 500 groups, 12 rows a day, 400 days, 0.7 kB each: 1.68 GB.
  expect(history.dollars).toBeCloseTo(1.68 * 0.45);
});

it('is written down as it is computed', () => {
  expect(readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')).toBe(costPage());
});
