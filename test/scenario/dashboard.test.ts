import { expect, it } from 'vitest';
import { Deployed, exampleFleet } from '../kit/deployed.ts';

interface Widget {
  readonly properties: {
    readonly title: string;
    readonly metrics?: readonly (readonly { readonly expression?: string; readonly period?: number }[])[];
  };
}

it('what the dashboard searches for is what the functions count', async () => {
  await using deployed = new Deployed('2026-03-04T02:40:00Z');
  const start = deployed.now;
  await deployed.deploy(await exampleFleet());
  // Over the opening of lunch, at 11:00 in Shanghai.
  await deployed.pass(30 * 60);
  const { DashboardEntries } = await deployed.call('monitoring', 'ListDashboards', {});
  const { DashboardBody } = await deployed.call('monitoring', 'GetDashboard', DashboardEntries[0]);
  const widgets: Widget[] = JSON.parse(DashboardBody).widgets;
  const searches = widgets.flatMap(({ properties: { title, metrics = [] } }) =>
    metrics.flatMap(([first]) => (first?.expression?.includes('SEARCH(') ? [{ title, ...first }] : [])),
  );
  expect(searches.map(({ title }) => title)).toEqual(['Decisions by reason', 'Activities']);
  for (const { title, expression, period } of searches) {
    const { MetricDataResults } = await deployed.call('monitoring', 'GetMetricData', {
      StartTime: new Date(start),
      EndTime: new Date(deployed.now),
      MetricDataQueries: [{ Id: 'e', Expression: expression, Period: period ?? 60 }],
    });
    const lines: { Label: string; Values: number[] }[] = MetricDataResults;
    expect(lines.filter(({ Values }) => Values.some((value) => value > 0)).length, title).toBeGreaterThan(0);
    if (title === 'Decisions by reason') expect(lines.map(({ Label }) => Label)).toContain('WindowOpened');
  }
});
