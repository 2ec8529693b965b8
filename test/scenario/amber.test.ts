import { expect, it } from 'vitest';
import { groupView } from '../../console/group-view.ts';
import { statusOf } from '../../console/page/status.ts';
import { explainGroup } from '../../shared/engine/explain.ts';
import { groupStates } from '../../shared/engine/group-state.ts';
import { Stage } from '../kit/stage.ts';

const fleet = `
name: crowd
timeZone: UTC
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 3
    maxSize: 10
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
`;

async function page(stage: Stage) {
  const [state] = await groupStates(stage.scaler, [...stage.scaler.groups.values()]);
  const view = groupView(state!, await explainGroup(stage.scaler, state!));
  return {
    status: statusOf(view),
    message: stage.scaler.english.message(view.name, { ...view, from: view.desired }, state!.at),
    rule: view.rules[0]!,
  };
}

it('a group turns amber within a minute of the first period that breaches, and red when its alarm does', async () => {
  const stage = new Stage(fleet, { start: '2026-03-04T15:00:00Z' });
  await stage.playUntil('2026-03-04T15:30:00Z');
  stage.alarm('web', 'cpu-high', 'OK');
  await stage.playUntil('2026-03-04T16:10:00Z');
  expect(await page(stage)).toMatchObject({ status: 'steady', rule: { near: false, urgent: false } });
  stage.cpu = 99.75;
  const amberAt: string[] = [];
  for (let at = 11; at <= 23; at++) {
    await stage.playUntil(`2026-03-04T16:${at}:00Z`);
    const { status, message } = await page(stage);
    if (status === 'steady') expect(message).toBe('web stays at 3: it is where it should be');
    else amberAt.push(`16:${at} ${message}`);
  }
  // Three minutes at 99.75 and two at 40 are 75.9: the period that ends at 16:13, seen a minute later.
  expect(amberAt[0]).toBe(
    '16:14 web stays at 3: cpu-high: cpu is 75.85, above 70: 1 of 3 periods; acts about 16:24 (+2)',
  );
  expect(amberAt).toHaveLength(10);
  expect(amberAt.at(-1)).toBe(
    '16:23 web stays at 3: cpu-high: cpu is 99.75, above 70: 2 of 3 periods; acts about 16:24 (+2)',
  );
  stage.alarm('web', 'cpu-high', 'ALARM');
  expect(await page(stage)).toMatchObject({ status: 'inAlarm', rule: { near: false, urgent: true } });
});
