import { Stage } from '../../kit/stage.ts';

export const fleetFile = `
name: lunch
timeZone: Asia/Shanghai
groups:
  business:
    existing: my-group
    minSize: 2
    maxSize: 10
    schedules:
      lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
      orders-high: { metric: { namespace: Shop, metricName: Orders, perServer: false },
                     comparisonOperator: GreaterThanThreshold, threshold: 400, period: 60,
                     evaluationPeriods: 2, scalingAdjustment: 1, cooldown: 60 }
`;

/** The fleet of these tests at ten in the morning in Shanghai, its group met and at rest. */
export async function metStage(): Promise<Stage> {
  const stage = new Stage(fleetFile, { start: '2026-03-04T01:55:00Z' });
  stage.alarm('business', 'cpu-high', 'OK');
  stage.alarm('business', 'orders-high', 'OK');
  await stage.playUntil('2026-03-04T02:00:00Z');
  return stage;
}
