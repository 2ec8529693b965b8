import { describe, expect, it } from 'vitest';
import type { Lifecycle, ScalingGroup } from '../../../shared/domain/observation.ts';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { Unsettled } from '../../../shared/engine/unsettled.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import type { MemoryPorts } from '../../../shared/providers/memory/ports.ts';
import { faultyPorts } from '../../kit/faulty-ports.ts';
import { Stage } from '../../kit/stage.ts';
import { bump, fleetFile, metStage, start, sweep, watched } from './reconcile-stage.ts';

describe('an act', () => {
  it('does not repeat an act that has been overtaken since it was decided', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    let denied = false;
    const stage = await metStage((ports) => ({
      ...watched(ports, (call) => {
        if (denied && call === 'groups.setDesired') throw new PortError('Unavailable', 'no answer');
      }),
      ledger: {
        read: (groups) => ports.ledger.read(groups),
        write: async (group, ledger, version) => {
          const first = meanwhile;
          meanwhile = undefined;
          await first?.();
          return ports.ledger.write(group, ledger, version);
        },
      },
    }));
    denied = true;
    await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toThrow('no answer');
    denied = false;
    stage.ports.clock.advance(60);
    meanwhile = async () => {
      await reconcile(stage.scaler, 'business', sweep);
      await reconcile(stage.scaler, 'business', bump(3, 'request-2'));
    };
    await reconcile(stage.scaler, 'business', sweep);
    expect(stage.changes('business')).toEqual(['2 → 3 ManualChange', '3 → 6 ManualChange']);
    expect(stage.desired('business')).toBe(6);
  });

  it.each([
    ['is just about to do', false],
    ['has done, but may ask for once more as the answer was lost', true],
  ])('does not take over what another %s, and is tried again', async (_, isAskedTwice) => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const stage = await metStage((ports) =>
      faultyPorts(ports, async ({ name }, carryOut) => {
        if (name === 'groups.setDesired' && isAskedTwice) await carryOut();
        if (name === 'groups.setDesired') await meanwhile?.();
        return carryOut();
      }),
    );
    let second: unknown;
    meanwhile = async () => {
      meanwhile = undefined;
      await reconcile(stage.scaler, 'business', sweep);
      second = await reconcile(stage.scaler, 'business', bump(3, 'request-2')).catch((error) => error);
    };
    await reconcile(stage.scaler, 'business', bump(1));
    expect(second).toBeInstanceOf(Unsettled);
    await reconcile(stage.scaler, 'business', bump(3, 'request-2'));
    expect(stage.changes('business')).toEqual(['2 → 3 ManualChange', '3 → 6 ManualChange']);
  });

  it('holds nobody up who has something else to do', async () => {
    let lifecycle: Lifecycle = 'pending';
    const server = 'i-0123456789abcdef0';
    const withServer = fleetFile.replace('alarms:', `instances: [${server}]\n    alarms:`);
    const stage = new Stage(withServer, {
      start,
      around: (ports) =>
        watched(ports, (call) => {
          if (call !== 'groups.describe') return undefined;
          const group = ports.groups.get('my-group');
          const servers = group.servers.map((one) => (one.id === server ? { ...one, lifecycle } : one));
          return new Map([['my-group', { ...group, servers }]]);
        }),
    });
    await reconcile(stage.scaler, 'business', sweep);
    lifecycle = 'ready';
    stage.ports.clock.advance(20);
    const came = { kind: 'instance', detail: 'EC2 Instance Launch Successful', at: stage.now } as const;
    await reconcile(stage.scaler, 'business', came);
    const { servers } = stage.ports.groups.get('my-group');
    expect(servers.find(({ id }) => id === server)?.protectedFromScaleIn).toBe(true);
  });

  it('leaves an act to the next look when it comes to it too late', async () => {
    let slow = false;
    const stage = await metStage((ports) => ({
      ...ports,
      ledger: {
        read: (groups) => ports.ledger.read(groups),
        write: async (group, ledger, version) => {
          const answer = await ports.ledger.write(group, ledger, version);
          if (slow) ports.clock.advance(20);
          return answer;
        },
      },
    }));
    slow = true;
    await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toThrow('too late to act');
    expect(stage.desired('business')).toBe(2);
    slow = false;
    await stage.playUntil('2026-03-04T03:10:00Z');
    expect(stage.changes('business')).toEqual(['2 → 3 ManualChange']);
    expect(stage.desired('business')).toBe(3);
  });

  it('asks once in a look for what is refused though the bounds that it sees allow it', async () => {
    let asked = 0;
    const stage = await metStage((ports) =>
      watched(ports, (call) => {
        if (call !== 'groups.setDesired') return;
        asked++;
        throw new PortError('OutOfBounds', 'above max value');
      }),
    );
    await expect(reconcile(stage.scaler, 'business', bump(1))).rejects.toThrow('above max value');
    expect(asked).toBe(1);
  });

  it('asks once in a look for what the description does not show yet', async () => {
    let asked = 0;
    // It is answered, and nothing is to be seen of it.
    const around = (ports: MemoryPorts) =>
      watched(ports, (call) => (call === 'adopt.attach' ? ++asked : undefined));
    const withServer = fleetFile.replace('alarms:', 'instances: [i-0123456789abcdef0]\n    alarms:');
    const stage = new Stage(withServer, { start, around });
    await reconcile(stage.scaler, 'business', sweep);
    expect(asked).toBe(1);
  });

  it('is done with its own act at once, though the description is late, or desired is set back', async () => {
    let before: ReadonlyMap<string, ScalingGroup> | undefined;
    const stage = await metStage((ports) =>
      watched(ports, (call) => (call === 'groups.describe' ? before : undefined)),
    );
    before = await stage.ports.groups.describe(['my-group']);
    await reconcile(stage.scaler, 'business', bump(1));
    before = undefined;
    await reconcile(stage.scaler, 'business', bump(-1, 'request-2'));
    const { open, desired } = (await stage.ports.ledger.read(['business'])).get('business')!;
    expect(open.map(({ phase }) => phase)).not.toContain('intended');
    expect(desired).toBe(2);
  });

  it('tells of each step once', async () => {
    const stage = await metStage();
    await reconcile(stage.scaler, 'business', bump(1));
    await stage.playUntil('2026-03-04T03:20:00Z');
    const told = stage.ports.events.published.map(
      ({ activity }) => `${activity?.activityId} ${activity?.statusCode}`,
    );
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...new Set(told)]);
  });
});
