import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { GroupsFailed } from '../../../shared/engine/groups-failed.ts';
import { sweep } from '../../../shared/engine/sweep.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { faultyPorts } from '../../kit/faulty-ports.ts';
import { Stage } from '../../kit/stage.ts';

const start = '2026-03-04T03:00:00Z';
const endless = () => Number.POSITIVE_INFINITY;

function fleetOf(groups: number, more = ''): string {
  const names = Array.from({ length: groups }, (_, index) => `g${index}`);
  const group = (name: string) => `
  ${name}:
    existing: ${name}
    minSize: 2
    maxSize: 10
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }`;
  return `name: lunch\ngroups:${names.map(group).join('')}\n${more}`;
}

/** A group that has half the servers of `g0`. */
const follower = `
  follower:
    existing: follower
    minSize: 1
    maxSize: 10
    follows: { group: g0, ratio: 0.5 }
`;

/** Counts calls, and lets a test refuse or delay some. */
function counted(
  groups: number,
  refuse: (call: string, args: readonly unknown[]) => unknown = () => undefined,
  more = '',
) {
  const calls: Record<string, number> = {};
  const stage = new Stage(fleetOf(groups, more), {
    start,
    around: (ports) =>
      faultyPorts(ports, async ({ name, args }, carryOut) => {
        calls[name] = (calls[name] ?? 0) + 1;
        const error = await refuse(name, args);
        if (error) throw error;
        return carryOut();
      }),
  });
  return { stage, calls };
}

describe('a sweep', () => {
  it('of 500 quiet groups makes the fewest calls that there can be', async () => {
    const { stage, calls } = counted(500);
    await sweep(stage.scaler, endless);
    stage.ports.clock.advance(120);
    for (const call of Object.keys(calls)) delete calls[call];
    const report = await sweep(stage.scaler, endless);
    expect(report.groups).toBe(500);
    expect(calls).toEqual({ 'groups.describe': 5, 'ledger.read': 5, 'alarms.describe': 5 });
    // A look that is older than the ledger takes our own change for somebody else's.
    expect(Object.keys(calls)[0]).toBe('ledger.read');
  });

  it.each(['Throttled', 'Denied', 'Invalid', 'Unavailable'] as const)(
    'reaches 99 groups though one of a hundred cannot be described (%s), and names that one',
    async (code) => {
      const { stage, calls } = counted(100, (call, [names]) =>
        call === 'groups.describe' && (names as string[]).includes('g41')
          ? new PortError(code, 'g41 cannot be described')
          : undefined,
      );
      const failure = await sweep(stage.scaler, endless).catch((error: unknown) => error);
      expect(failure).toMatchObject({ groups: ['g41'] });
      expect((await stage.ports.ledger.read(['g0', 'g40', 'g42', 'g99'])).size).toBe(4);
      expect(calls['groups.describe']).toBeLessThan(20);
    },
  );

  it('asks a service that is down hardly oftener for it', async () => {
    const { stage, calls } = counted(100, (call) =>
      call === 'groups.describe' ? new PortError('Throttled', 'slower') : undefined,
    );
    const failure = await sweep(stage.scaler, endless).catch((error: unknown) => error);
    expect((failure as GroupsFailed).groups).toHaveLength(100);
    expect(calls['groups.describe']).toBeLessThanOrEqual(40);
  });

  it('decides of a follower though its leader cannot be described: out, but not in', async () => {
    const blind = { now: false };
    const { stage } = counted(
      1,
      (call, [names]) =>
        blind.now && call === 'groups.describe' && (names as string[]).includes('g0')
          ? new PortError('Denied', 'not this one')
          : undefined,
      `${follower}    schedules: { rush: { start: "10 3 * * *", end: "0 4 * * *", minSize: 5 } }\n`,
    );
    await stage.playUntil('2026-03-04T03:08:00Z');
    blind.now = true;
    await stage.playUntil('2026-03-04T03:09:00Z').catch(() => {});
    stage.ports.clock.set(Date.parse('2026-03-04T03:11:00Z'));
    await expect(sweep(stage.scaler, endless)).rejects.toMatchObject({ groups: ['g0'] });
    expect(stage.desired('follower')).toBe(5);
    stage.ports.clock.set(Date.parse('2026-03-04T04:01:00Z'));
    await sweep(stage.scaler, endless).catch(() => {});
    expect(stage.desired('follower')).toBe(5);
  });

  it('counts the reason of every decision', async () => {
    const { stage } = counted(3);
    await sweep(stage.scaler, endless);
    const { reasons } = await sweep(stage.scaler, endless);
    expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('goes on with the others when one group fails, and names it', async () => {
    const { stage } = counted(3, (call, [name]) =>
      call === 'groups.setDesired' && name === 'g1' ? new PortError('Denied', 'not allowed') : undefined,
    );
    await sweep(stage.scaler, endless);
    for (const group of ['g0', 'g1', 'g2']) stage.alarm(group, 'cpu-high', 'ALARM');
    const failure = await sweep(stage.scaler, endless).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GroupsFailed);
    expect(failure).toMatchObject({
      groups: ['g1'],
      message: '1 group could not be reconciled: g1: not allowed',
    });
    expect(['g0', 'g1', 'g2'].map((group) => stage.desired(group))).toEqual([4, 2, 4]);
  });

  it('does not fail for a group that is not there, and tells people when it should have been', async () => {
    const { stage } = counted(1);
    const [missing] = stage.scaler.groups.values();
    const elsewhere = { ...missing!, scalingGroup: 'elsewhere' };
    const scaler = { ...stage.scaler, groups: new Map([[elsewhere.name, elsewhere]]) };
    for (let minute = 0; minute < 30; minute++) {
      expect((await sweep(scaler, endless)).reasons).toHaveProperty('GroupMissing');
      stage.ports.clock.advance(60);
    }
    const told = stage.ports.events.published.filter(({ forPeople }) => forPeople);
    expect(told.map(({ subject }) => subject)).toEqual([
      '[lunch] FAILED: g0: its scaling group does not exist: is it deployed, and is its name right?',
    ]);
  });

  it('goes on with all others when the reading of one is refused', async () => {
    const { stage } = counted(150, (call, [names]) =>
      call === 'groups.describe' && (names as string[]).includes('g0')
        ? new PortError('Throttled', 'too fast')
        : undefined,
    );
    const failure = await sweep(stage.scaler, endless).catch((error: unknown) => error);
    expect((failure as GroupsFailed).groups).toEqual(['g0']);
    expect((await stage.ports.ledger.read(['g0', 'g149'])).has('g149')).toBe(true);
  });

  it('that fails for every group says so in a message that a queue and a log take', async () => {
    const why = 'not allowed, '.repeat(100);
    const { stage } = counted(500, (call) =>
      call === 'ledger.write' ? new PortError('Denied', why) : undefined,
    );
    const failure = await sweep(stage.scaler, endless).catch((error: unknown) => error);
    expect((failure as GroupsFailed).groups).toHaveLength(500);
    const { message } = failure as GroupsFailed;
    expect(message).toMatch(/^500 groups could not be reconciled: g0: not allowed.*; and 490 more$/);
    expect(message.length).toBeLessThan(4_000);
  });

  it('holds up nobody but a group’s followers while its calls hang', async () => {
    let goOn = () => {};
    const hanging = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const { stage } = counted(
      250,
      (call, [name]) => (call === 'groups.setDesired' && name === 'g0' ? hanging : undefined),
      follower,
    );
    await sweep(stage.scaler, endless);
    for (const group of ['g0', 'g1', 'g249']) stage.alarm(group, 'cpu-high', 'ALARM');
    const desired = () => ['g0', 'g1', 'g249', 'follower'].map((group) => stage.desired(group));
    const swept = sweep(stage.scaler, endless);
    // Ports in memory answer at once: whatever can be done is done by then.
    await setImmediate();
    expect(desired()).toEqual([2, 4, 4, 1]);
    goOn();
    await swept;
    expect(desired()).toEqual([4, 4, 4, 2]);
  });

  it('brings no more than ten groups to rest at a time', async () => {
    let [now, most] = [0, 0];
    const { stage } = counted(120, (call) => {
      if (call !== 'groups.setDesired') return undefined;
      most = Math.max(most, ++now);
      return setImmediate().then(() => void now--);
    });
    await sweep(stage.scaler, endless);
    for (const name of stage.scaler.groups.keys()) stage.alarm(name, 'cpu-high', 'ALARM');
    await sweep(stage.scaler, endless);
    expect(most).toBe(10);
  });

  it('begins no group that it could not finish in time', async () => {
    const { stage, calls } = counted(2);
    await expect(sweep(stage.scaler, () => 24_000)).rejects.toThrow('no time was left');
    expect(calls).toEqual({});
  });

  it('moves a follower in the same minute as its leader', async () => {
    const followers = `${follower}
  a-follower-of-it:
    existing: second
    minSize: 1
    maxSize: 10
    follows: { group: follower, ratio: 1 }
`;
    const stage = new Stage(fleetOf(1, followers), { start });
    await stage.playUntil('2026-03-04T03:05:00Z');
    stage.alarm('g0', 'cpu-high', 'ALARM');
    await sweep(stage.scaler, endless);
    expect(['g0', 'follower', 'a-follower-of-it'].map((group) => stage.desired(group))).toEqual([4, 2, 2]);
  });

  it('takes nothing from a follower whose leader has grown between its own look and the look at the follower', async () => {
    let reads = 0;
    const { stage } = counted(
      1,
      (call, [names]) => {
        if (call !== 'groups.describe' || ++reads > 3) return undefined;
        stage.ports.clock.advance(1);
        // The first look fails and is made again in halves; before that of the follower somebody sets the leader back.
        if (reads === 1) return new PortError('Unavailable', 'no answer');
        if ((names as string[]).includes('follower'))
          stage.ports.groups.put({ ...stage.ports.groups.get('g0'), desired: 8 });
        return undefined;
      },
      follower,
    );
    reads = 3;
    stage.ports.groups.put({ ...stage.ports.groups.get('g0'), desired: 8 });
    await stage.playUntil('2026-03-04T03:30:00Z');
    stage.ports.groups.put({ ...stage.ports.groups.get('g0'), desired: 4 });
    reads = 0;
    await sweep(stage.scaler, endless);
    expect(stage.changes('follower')).toEqual(['1 → 4 LeaderScaleOut']);
    expect(stage.desired('follower')).toBe(4);
  });

  it('moves no follower by what was seen of a leader that was gone when it came to rest', async () => {
    let isGone = false;
    const stage = new Stage(fleetOf(1, follower), {
      start,
      around: (ports) => ({
        ...ports,
        groups: {
          describe: async (names) => {
            const found = await ports.groups.describe(names);
            return new Map([...found].filter(([name]) => name !== 'g0' || !isGone));
          },
          setDesired: async (name, desired) => {
            await ports.groups.setDesired(name, desired);
            isGone = name === 'g0';
          },
        },
      }),
    });
    stage.ports.groups.put({ ...stage.ports.groups.get('g0'), desired: 8 });
    await stage.playUntil('2026-03-04T03:30:00Z');
    expect(stage.desired('follower')).toBe(4);
    stage.ports.groups.put({ ...stage.ports.groups.get('follower'), desired: 1 });
    stage.alarm('g0', 'cpu-high', 'ALARM');
    await sweep(stage.scaler, endless);
    expect(stage.changes('g0').at(-1)).toMatch('8 → 10');
    expect(stage.desired('follower')).toBe(1);
  });

  it('takes nothing from a follower while it is not known what became of its leader', async () => {
    let failing = false;
    const { stage } = counted(
      1,
      (call, [name]) =>
        failing && call === 'ledger.write' && name === 'g0'
          ? new PortError('Unavailable', 'no answer')
          : undefined,
      follower,
    );
    stage.ports.groups.put({ ...stage.ports.groups.get('g0'), desired: 8 });
    await stage.playUntil('2026-03-04T03:30:00Z');
    expect(stage.desired('follower')).toBe(4);
    await stage.ports.groups.setDesired('g0', 2);
    failing = true;
    await expect(sweep(stage.scaler, endless)).rejects.toThrow('g0: no answer');
    expect(stage.desired('follower')).toBe(4);
    failing = false;
    await stage.playUntil('2026-03-04T04:00:00Z');
    expect(stage.desired('follower')).toBe(1);
  });
});
