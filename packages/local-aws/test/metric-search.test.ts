import { beforeEach, describe, expect, it } from 'vitest';
import { parseSearch } from '../src/cloudwatch/search-terms.ts';
import { FleetCloud, startMs } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

/** The examples of the user guide's page on the syntax of searches. */
describe('a search finds', () => {
  const counted = { namespace: 'MyNamespace', name: 'CustomCount1', dimensions: {} };
  const cpu = {
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    dimensions: { InstanceId: 'i-1234567890123456' },
  };
  const byType = { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: { InstanceType: 't2.micro' } };
  const errors = { namespace: 'Own', name: 'Network-Errors-2', dimensions: { project: 'ProjectA' } };
  const all = { counted, cpu, byType, errors };

  it.each<[string, (keyof typeof all)[]]>([
    ['{AWS/EC2,InstanceId} MetricName="CPUUtilization"', ['cpu']],
    [' {AWS/EC2, InstanceType} "CPUUtilization" ', ['byType']],
    ['{AWS/EC2}', ['cpu', 'byType']],
    ['{MyNamespace}, "CustomCount1"', ['counted']],
    ['{MyNamespace}, "customcount1"', []],
    ['{MyNamespace}, "Custom"', []],
    ['count', ['counted']],
    ['COUNT', ['counted']],
    ['couNT', []],
    ['CustomCount', ['counted']],
    ['Count1', ['counted']],
    ['customcount', []],
    ['network/errors', ['errors']],
    ['Network_Errors', ['errors']],
    ['"Network-Errors-2"', ['errors']],
    ['"Network_Errors_2"', []],
    ['InstanceType=micro', ['byType']],
    ['InstanceType="t2.micro" Namespace="AWS/EC2"', ['byType']],
    ['MetricName=micro', []],
    ['MetricName="CPUUtilization" NOT i-1234567890123456', ['byType']],
    ['NOT Namespace=AWS', ['counted', 'errors']],
    ['MetricName="CustomCount1" OR (EC2 AND (micro OR ProjectA))', ['counted', 'byType']],
    ['cpu micro', ['byType']],
  ])('by %s', (text, expected) => {
    const test = parseSearch(text);
    const found = Object.entries(all).filter(([, metric]) => test(metric));
    expect(found.map(([name]) => name)).toEqual(expected);
  });

  it.each(['', '{AWS/EC2', '(cpu', 'cpu)', 'a OR', '"a', `"${'x'.repeat(1024)}"`])(
    'nothing by %s',
    (text) => {
      expect(() => parseSearch(text)).toThrow(/Error in expression/);
    },
  );
});

describe('a search in GetMetricData', () => {
  let cloud: FleetCloud;

  beforeEach(async () => {
    cloud = new FleetCloud(new SteadyWorld());
    const datum = (reason: string, Value: number) => ({
      MetricName: 'Decisions',
      Dimensions: [
        { Name: 'service', Value: 'lunch' },
        { Name: 'reason', Value: reason },
      ],
      Timestamp: new Date(startMs),
      Value,
    });
    const MetricData = [
      datum('window', 2),
      datum('alarm', 3),
      { ...datum('window', 9), MetricName: 'Other' },
    ];
    await cloud.call('monitoring', 'PutMetricData', { Namespace: 'Rushhour', MetricData });
    await cloud.pass(60);
  });

  const Expression = `SEARCH('{Rushhour,service,reason} service="lunch" MetricName="Decisions"', 'Sum', 60)`;

  async function results(MetricDataQueries: object[]): Promise<unknown[]> {
    const range = { StartTime: new Date(startMs), EndTime: new Date(cloud.now) };
    const output = await cloud.call('monitoring', 'GetMetricData', { ...range, MetricDataQueries });
    return output.MetricDataResults.map((one: { Id: string; Label: string; Values: number[] }) => [
      one.Id,
      one.Label,
      one.Values,
    ]);
  }

  it('answers once for each metric, under what tells it from the others', async () => {
    expect(await results([{ Id: 'e1', Expression }])).toEqual([
      ['e1', 'window', [2]],
      ['e1', 'alarm', [3]],
    ]);
    expect(await results([{ Id: 'e1', Label: 'by', Expression }])).toEqual([
      ['e1', 'by window', [2]],
      ['e1', 'by alarm', [3]],
    ]);
  });

  it('is counted together by math, in one expression or in two', async () => {
    const together = { Id: 'all', Expression: `SUM(${Expression})` };
    expect(await results([together])).toEqual([['all', 'all', [5]]]);
    const queries = [
      { Id: 'sum', Expression: 'SUM(service)' },
      // An id that is a word of the search is no reference to it.
      { Id: 'service', Expression, ReturnData: false },
    ];
    expect(await results(queries)).toEqual([['sum', 'sum', [5]]]);
  });

  it('is refused when it cannot be read, and in alarms', async () => {
    for (const wrong of ["SEARCH('{Rushhour', 'Sum')", "SEARCH('x', 'Total', 60)", 'SEARCH(x)'])
      await expect(results([{ Id: 'e1', Expression: wrong }])).rejects.toThrow();
    const alarm = {
      ...{ AlarmName: 'a', EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
      Metrics: [{ Id: 'e1', Expression: `SUM(${Expression})` }],
    };
    await expect(cloud.call('monitoring', 'PutMetricAlarm', alarm)).rejects.toThrow(
      'SEARCH is not supported',
    );
  });
});
