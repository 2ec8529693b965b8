import { describe, expect, it, vi } from 'vitest';
import { CloudBackend } from '../../../console/cloud-backend.ts';
import { Stage } from '../../kit/stage.ts';

const fleetFile = `
name: lunch
groups:
  business:
    existing: my-group
    minSize: 3
    maxSize: 10
    schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 } }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 20, period: 60,
                 evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 600 }
`;

/** At half past eleven, the window open. */
async function openStage(alarms: { high: 'OK' | 'ALARM'; low: 'OK' | 'ALARM' }): Promise<Stage> {
  const stage = new Stage(fleetFile, { start: '2026-03-04T10:55:00Z' });
  stage.alarm('business', 'cpu-high', 'OK');
  stage.alarm('business', 'cpu-low', 'OK');
  await stage.playUntil('2026-03-04T11:30:00Z');
  stage.alarm('business', 'cpu-high', alarms.high);
  stage.alarm('business', 'cpu-low', alarms.low);
  return stage;
}

async function viewOf(stage: Stage) {
  return (await new CloudBackend(stage.scaler).state()).groups[0]!;
}

describe('what the console shows of a group', () => {
  it('is its size, what makes it up, and the windows of the next fortnight', async () => {
    const view = await viewOf(await openStage({ high: 'OK', low: 'OK' }));
    expect(view).toMatchObject({ name: 'business', desired: 5, inService: 5, minSize: 3, maxSize: 10 });
    expect(view.layers.map(({ layer, by, servers }) => `${layer} ${by} ${servers}`)).toEqual([
      'base business 3',
      'granted lunch 2',
      'maximum maxSize 10',
      'goal business 5',
    ]);
    expect(view.upcoming).toHaveLength(1 + 14);
    expect(view.upcoming[0]).toEqual({
      window: 'lunch',
      start: '2026-03-04T11:00:00.000Z',
      end: '2026-03-04T13:00:00.000Z',
      effect: { key: 'windowAdds', add: 2 },
    });
  });

  it('says so when its scaling group is not there', async () => {
    const stage = await openStage({ high: 'OK', low: 'OK' });
    expect((await viewOf(stage)).missing).toBe(false);
    vi.spyOn(stage.scaler.ports.groups, 'describe').mockResolvedValue(new Map());
    const view = await viewOf(stage);
    expect(view).toMatchObject({ missing: true, why: { key: 'groupMissing', long: false } });
  });

  it('calls an alarm urgent that wants servers, but not one that would take some away', async () => {
    const urgent = async (high: 'OK' | 'ALARM', low: 'OK' | 'ALARM') =>
      (await viewOf(await openStage({ high, low }))).rules
        .filter((rule) => rule.urgent)
        .map(({ name }) => name);
    expect(await urgent('OK', 'ALARM')).toEqual([]);
    expect(await urgent('ALARM', 'OK')).toEqual(['cpu-high']);
  });

  it('is its day by its own activities, where nobody measures how many servers it should have', async () => {
    const elsewhere = fleetFile.replace(
      'existing: my-group',
      'alibaba: { region: cn-hangzhou, scalingGroup: asg-bp100000000000000001, credentials: key }',
    );
    const stage = new Stage(elsewhere, { start: '2026-03-04T10:55:00Z' });
    await stage.playUntil('2026-03-04T11:30:00Z');
    const asked = vi.spyOn(stage.scaler.ports.metrics, 'history').mockResolvedValue([undefined, undefined]);
    const { from, desired, load } = await new CloudBackend(stage.scaler).day('business');
    const at = (time: string) =>
      desired.values[(Date.parse(`2026-03-04T${time}Z`) - Date.parse(from)) / 60_000];
    expect(['10:50', '10:59', '11:01', '11:29'].map((time) => at(`${time}:00`))).toEqual([3, 3, 5, 5]);
    expect(at('11:31:00')).toBeUndefined();
    expect(load.values).toEqual([]);
    // Of whom to ask, the group says.
    expect(asked.mock.calls.at(-1)![0][0]!.seen?.servers).toHaveLength(5);
  });

  it('is its day, with nothing where nothing was measured', async () => {
    const day = await new CloudBackend((await openStage({ high: 'OK', low: 'OK' })).scaler).day('business');
    expect(Date.parse(day.to) - Date.parse(day.from)).toBe(86_400_000);
    expect(day.desired).toMatchObject({ stepSeconds: 60 });
    expect(day.desired.values).toHaveLength(1440);
    expect(day.load.values).toHaveLength(288);
    expect(new Set(day.load.values)).toEqual(new Set([null, 40]));
    const opened = day.windows.map(({ start }) => start);
    expect(opened).toEqual(['2026-03-03T11:00:00.000Z', '2026-03-04T11:00:00.000Z']);
    expect(day.limits).toEqual([
      { name: 'cpu-high', percent: 70 },
      { name: 'cpu-low', percent: 20 },
    ]);
  });
});

describe('many pages', () => {
  it('cost one read, and metrics are read once a minute', async () => {
    const { scaler } = await openStage({ high: 'OK', low: 'OK' });
    const described = vi.spyOn(scaler.ports.groups, 'describe');
    const measured = vi.spyOn(scaler.ports.metrics, 'history');
    const backend = new CloudBackend(scaler);
    const all = () => Promise.all([backend.state(), backend.log(), backend.day('business')]);
    await all();
    const [describes, measures] = [described.mock.calls.length, measured.mock.calls.length];
    await Promise.all([all(), all(), all()]);
    expect([described.mock.calls.length, measured.mock.calls.length]).toEqual([describes, measures]);
  });
});

describe('what cannot be done', () => {
  it('is refused by name', async () => {
    const backend = new CloudBackend((await openStage({ high: 'OK', low: 'OK' })).scaler);
    await expect(backend.day('nobody')).rejects.toThrow('the fleet has no group nobody');
    await expect(backend.act({ action: 'resume', group: 'nobody', reason: 'x' })).rejects.toThrow('no group');
    await expect(backend.act({ action: 'speed', speed: 2 })).rejects.toThrow('only a local cloud');
  });
});
