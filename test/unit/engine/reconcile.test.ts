import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../shared/engine/answer.ts';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { Unsettled } from '../../../shared/engine/unsettled.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { MemoryPorts } from '../../../shared/providers/memory/ports.ts';
import { faultyPorts } from '../../kit/faulty-ports.ts';
import { Stage } from '../../kit/stage.ts';
import { bump, fleetFile, metStage, start, sweep, watched } from './reconcile-stage.ts';

describe('reconcile', () => {
  it('goes on after its own act, which it does not take for somebody else’s', async () => {
    const calls: string[] = [];
    const around = (ports: MemoryPorts) => watched(ports, (call) => void calls.push(call));
    const withServer = fleetFile.replace('alarms:', 'instances: [i-0123456789abcdef0]\n    alarms:');
    const stage = new Stage(withServer, { start, around });
    const trigger = { kind: 'instance', detail: 'EC2 Instance Launch Successful', at: stage.now } as const;
    await reconcile(stage.scaler, 'business', trigger);
    const acts = calls.filter((call) => /attach|protect/.test(call));
    expect(acts).toEqual(['adopt.attach', 'protect.protect']);
    expect(calls.filter((call) => call === 'ledger.read')).toHaveLength(1);
  });

  it('commits before it acts, and goes on record after', async () => {
    const calls: string[] = [];
    const stage = await metStage((ports) => watched(ports, (call) => void calls.push(call)));
    calls.length = 0;
    await reconcile(stage.scaler, 'business', bump(1));
    const changing = calls.filter((call) => /write|set|put|publish/.test(call));
    expect(changing.slice(0, 4)).toEqual([
      'ledger.write',
      'groups.setDesired',
      'activities.put',
      'events.publish',
    ]);
  });

  it('makes no call that writes when there is nothing to do', async () => {
    const calls: string[] = [];
    const stage = await metStage((ports) => watched(ports, (call) => void calls.push(call)));
    calls.length = 0;
    await reconcile(stage.scaler, 'business', sweep);
    expect(calls.toSorted()).toEqual(['alarms.describe', 'groups.describe', 'ledger.read']);
  });

  it('answers what was decided, not that nothing is left to do', async () => {
    const stage = await metStage();
    const answer = answerOf(stage.scaler, await reconcile(stage.scaler, 'business', bump(1)));
    expect(answer).toMatchObject({ group: 'business', desiredCapacity: 3 });
    expect(answer.decisions[0]).toMatchObject({ from: 2, to: 3, reason: 'ManualChange' });
  });

  it('carries a request out once, however often it comes', async () => {
    const stage = await metStage();
    await reconcile(stage.scaler, 'business', bump(1));
    const again = answerOf(stage.scaler, await reconcile(stage.scaler, 'business', bump(1)));
    expect(stage.desired('business')).toBe(3);
    expect(again.decisions.map(({ reason }) => reason)).toEqual(['DuplicateRequest']);
  });

  it('says that the fleet has no such group', async () => {
    const stage = await metStage();
    await expect(reconcile(stage.scaler, 'busyness', sweep)).rejects.toThrow(
      'the fleet has no group busyness; it has business',
    );
  });

  it('tells people of policies that AWS has for a group that was taken over, once', async () => {
    const stage = new Stage(fleetFile, {
      start,
      around: (ports) =>
        watched(ports, (call) =>
          call === 'rivals.nativeScaling' ? [{ name: 'scaling policy cpu70', isAsleep: false }] : undefined,
        ),
    });
    await reconcile(stage.scaler, 'business', sweep);
    await reconcile(stage.scaler, 'business', sweep);
    const told = stage.ports.events.published.filter(({ message }) => message.includes('cpu70'));
    expect(told).toMatchObject([
      { forPeople: true, subject: '[lunch] business: my-group also scales by rules of its own' },
    ]);
  });

  it('throws when the scaling group is gone', async () => {
    let gone = false;
    const stage = await metStage((ports) =>
      watched(ports, (call) => (gone && call === 'groups.describe' ? new Map() : undefined)),
    );
    gone = true;
    await expect(reconcile(stage.scaler, 'business', sweep)).rejects.toThrow(
      'there is no scaling group my-group',
    );
  });

  it('leaves the activity pending when the act fails, and finishes it the next time', async () => {
    let denied = false;
    const stage = await metStage((ports) =>
      watched(ports, (call) => {
        if (denied && call === 'groups.setDesired') throw new PortError('Denied', 'not allowed');
      }),
    );
    denied = true;
    await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toMatchObject({ code: 'Denied' });
    expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'PreInService', from: 2, to: 3 });
    denied = false;
    await stage.playUntil('2026-03-04T03:15:00Z');
    expect(stage.desired('business')).toBe(3);
    expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'Successful', from: 2, to: 3 });
  });

  it('looks again when somebody moved the bounds in between, and gives the ask up', async () => {
    let narrow = false;
    const stage = await metStage((ports) =>
      watched(ports, (call) => {
        if (narrow && call === 'groups.setDesired') {
          ports.groups.put({ ...ports.groups.get('my-group'), maxSize: 3 });
        }
      }),
    );
    narrow = true;
    await reconcile(stage.scaler, 'business', bump(4));
    const asked = stage.history('business').find(({ to }) => to === 6);
    expect(asked).toMatchObject({
      statusCode: 'Cancelled',
      from: 2,
      detail: { key: 'outOfBounds', servers: 6, minSize: 2, maxSize: 3 },
    });
    expect(stage.desired('business')).toBe(3);
  });

  it('takes a description for as old as the look, however long the reads after it took', async () => {
    let slow = false;
    const stage = await metStage((ports) =>
      watched(ports, (call) => {
        if (slow && call === 'alarms.describe') ports.clock.advance(20);
      }),
    );
    const before = stage.ports.groups.get('my-group');
    await reconcile(stage.scaler, 'business', bump(1));
    const after = stage.ports.groups.get('my-group');
    stage.ports.clock.advance(3);
    slow = true;
    stage.ports.groups.put(before);
    await reconcile(stage.scaler, 'business', sweep);
    stage.ports.groups.put(after);
    expect(stage.history('business').map(({ reason }) => reason)).not.toContain('ExternalChange');
  });

  it('believes a fresh alarm without asking CloudWatch', async () => {
    const calls: string[] = [];
    const stage = await metStage((ports) => watched(ports, (call) => void calls.push(call)));
    calls.length = 0;
    const state = { value: 'ALARM', since: stage.now - 10_000 } as const;
    await reconcile(stage.scaler, 'business', { kind: 'alarm', rule: 'cpu-high', state });
    expect(stage.desired('business')).toBe(4);
    expect(calls).not.toContain('alarms.describe');
  });

  it('opens a window, and hears of its servers, without asking CloudWatch', async () => {
    const calls: string[] = [];
    const around = (ports: MemoryPorts) => watched(ports, (call) => void calls.push(call));
    const lunch = 'schedules: { lunch: { start: "10 3 * * *", end: "10 5 * * *", scalingAdjustment: 2 } }';
    const stage = await metStage(around, fleetFile.replace('alarms:', `${lunch}\n    alarms:`));
    stage.ports.clock.advance(300);
    calls.length = 0;
    const at = stage.now;
    await reconcile(stage.scaler, 'business', { kind: 'schedule', window: 'lunch', edge: 'start', at });
    expect(stage.desired('business')).toBe(4);
    await reconcile(stage.scaler, 'business', {
      kind: 'instance',
      detail: 'EC2 Instance Launch Successful',
      at,
    });
    expect(calls).not.toContain('alarms.describe');
  });

  it('does not take what an alarm is refused for over because a server has come', async () => {
    const stage = await metStage(undefined, fleetFile.replace('minSize: 2', 'mode: observe\n    minSize: 2'));
    stage.alarm('business', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T03:10:00Z');
    const before = stage.history('business');
    expect(before.at(-1)).toMatchObject({ reason: 'ObserveOnly', by: 'cpu-high' });
    const news = { kind: 'instance', detail: 'EC2 Instance Launch Successful', at: stage.now } as const;
    await reconcile(stage.scaler, 'business', news);
    await stage.playUntil('2026-03-04T03:15:00Z');
    expect(stage.history('business')).toEqual(before);
  });

  it('confirms an alarm that is older, and does not act on one that is over', async () => {
    const stage = await metStage();
    const state = { value: 'ALARM', since: stage.now - 600_000 } as const;
    await reconcile(stage.scaler, 'business', { kind: 'alarm', rule: 'cpu-high', state });
    expect(stage.desired('business')).toBe(2);
  });

  it('reads again when another writer was faster, and then does what it was asked', async () => {
    let rivals = 0;
    const stage = await metStage((ports) => ({
      ...ports,
      ledger: {
        read: (groups) => ports.ledger.read(groups),
        write: async (group, ledger, version) => {
          if (rivals-- > 0) return 'lost';
          return ports.ledger.write(group, ledger, version);
        },
      },
    }));
    rivals = 3;
    await reconcile(stage.scaler, 'business', bump(1));
    expect(stage.desired('business')).toBe(3);
  });

  it('gives up loudly when it always loses', async () => {
    let losing = false;
    const stage = await metStage((ports) => ({
      ...ports,
      ledger: {
        read: (groups) => ports.ledger.read(groups),
        write: async (group, ledger, version) =>
          losing ? 'lost' : ports.ledger.write(group, ledger, version),
      },
    }));
    losing = true;
    await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toThrow(Unsettled);
    expect(stage.desired('business')).toBe(2);
  });

  it('is finished by the next look wherever it was cut off, with one change and one ended activity', async () => {
    let cuts = 0;
    for (let died = true; died; ) {
      cuts++;
      let callsLeft = Number.POSITIVE_INFINITY;
      const stage = await metStage((ports) =>
        watched(ports, () => {
          if (--callsLeft < 0) throw new Error('the process died');
        }),
      );
      callsLeft = cuts - 1;
      died = await reconcile(stage.scaler, 'business', bump(1)).then(
        () => false,
        () => true,
      );
      callsLeft = Number.POSITIVE_INFINITY;
      // Lambda retries an event that failed, a minute later.
      stage.ports.clock.advance(60);
      if (died) await reconcile(stage.scaler, 'business', bump(1));
      await stage.playUntil('2026-03-04T03:20:00Z');
      expect(stage.desired('business'), `cut before call ${cuts}`).toBe(3);
      const changes = stage.history('business').filter(({ from, to }) => from !== to);
      const ends = changes.map(({ statusCode, endedAt }) => [statusCode, endedAt !== undefined]);
      expect(ends, `cut before call ${cuts}`).toEqual([['Successful', true]]);
    }
    // Look, commit, act, record, look, commit, record: all were cut.
    expect(cuts).toBeGreaterThan(9);
  });

  it.each(['ledger.write', 'groups.setDesired', 'activities.put', 'events.publish'])(
    'needs no retry but the sweep after %s did its work and the process died',
    async (deadly) => {
      let armed = false;
      const stage = await metStage((ports) => ({
        ...ports,
        ...dyingAfter(ports, deadly, () => armed),
      }));
      armed = true;
      await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toThrow('the process died');
      armed = false;
      await stage.playUntil('2026-03-04T03:20:00Z');
      expect(stage.changes('business')).toEqual(['2 → 3 ManualChange']);
      expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'Successful' });
    },
  );
});

/** The call is carried out, and its caller does not live to see it. */
function dyingAfter(ports: MemoryPorts, deadly: string, isArmed: () => boolean): Ports {
  return faultyPorts(ports, async ({ name }, carryOut) => {
    const answer = await carryOut();
    if (name === deadly && isArmed()) throw new Error('the process died');
    return answer;
  });
}

describe('people who cannot be told', () => {
  it('hold nobody up: the group goes on, and every look that told nobody fails', async () => {
    let deaf = false;
    const refused = () => Promise.reject(new PortError('Denied', 'nobody may publish'));
    const stage = await metStage((ports) =>
      watched(ports, (call) => (deaf && call === 'events.publish' ? refused() : undefined)),
    );
    deaf = true;
    stage.alarm('business', 'cpu-high', 'ALARM');
    let failures = 0;
    for (let minute = 0; minute < 20; minute++) {
      stage.ports.clock.advance(60);
      await reconcile(stage.scaler, 'business', sweep).catch((error: Error) => {
        expect(error.message).toBe('nobody may publish');
        failures++;
      });
    }
    expect(stage.changes('business').slice(0, 2)).toEqual(['2 → 4 AlarmScaleOut', '4 → 6 AlarmScaleOut']);
    expect(stage.history('business').find(({ to }) => to === 4)?.statusCode).toBe('Successful');
    expect(failures).toBeGreaterThan(4);
  });
});
