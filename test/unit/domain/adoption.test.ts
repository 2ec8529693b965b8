import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../shared/domain/decision.ts';
import type { OpenActivity } from '../../../shared/domain/ledger.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { LoneGroup, manual, server } from '../../kit/lone-group.ts';

function met(desired: number, group: object = {}): LoneGroup {
  const lone = new LoneGroup({ minSize: 1, maxSize: 10, ...group }, desired);
  lone.look();
  return lone;
}

describe('servers of the fleet file', () => {
  const id = 'i-0123456789abcdef0';

  test('are attached, protected and never scaled in', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    expect(lone.group).toMatchObject({ desired: 3 });
    expect(lone.group.servers.find((one) => one.id === id)).toMatchObject({ protectedFromScaleIn: true });
    expect(lone.ledger).toMatchObject({ base: 3, adopted: [id] });
    lone.settle(manual({ kind: 'set', desiredCapacity: 0 }));
    expect(lone.group.desired).toBe(1);
    expect(lone.group.servers.map((one) => one.id)).toEqual([id]);
  });

  test('are all there is in a group that may be empty', () => {
    const lone = met(0, { minSize: 0, instances: [id] });
    lone.settle();
    expect(lone.group.desired).toBe(1);
    expect(lone.ledger).toMatchObject({ base: 1 });
  });

  test('are protected again when somebody took the protection away', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    const servers = lone.group.servers.map((one) => ({ ...one, protectedFromScaleIn: false }));
    lone.group = { ...lone.group, servers };
    expect(lone.decide()).toMatchObject({
      reason: 'ServersAdopted',
      act: { kind: 'protect', serverIds: [id] },
    });
  });

  test('are not replaced when they are unhealthy, unless the file says so', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    expect(lone.group.suspended).toEqual(['replacing']);
    const told = met(2, { instances: [id], replaceUnhealthy: true });
    told.group = lone.group;
    told.ledger = lone.ledger;
    expect(told.decide().act).toEqual({ kind: 'replaceUnhealthy', replace: true });
    const alone = met(2, {});
    alone.settle();
    expect(alone.group.suspended).toEqual([]);
  });

  test('are told of, once, when they are unhealthy, and once when they are healthy again', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    lone.setLifecycle(id, 'unhealthy');
    const [fallen, ...after] = lone.look();
    expect(fallen!.activities).toMatchObject([{ reason: 'ServersUnhealthy', statusCode: 'Failed' }]);
    expect(fallen!.message).toBe(`business: ${id} fails its health check, and nobody replaces it`);
    expect([...after, ...lone.look()].flatMap(({ activities }) => activities)).toEqual([]);
    lone.setLifecycle(id, 'ready');
    expect(lone.look()[0]!.message).toBe(`business: ${id} is healthy again`);
    expect(lone.decide().ledger).toBe(lone.ledger);
  });

  test('are not attached to a group that launches nothing: it may be about to be deleted', () => {
    const lone = new LoneGroup({ instances: [id] }, 2);
    lone.group = { ...lone.group, suspended: ['launching'] };
    expect(lone.look().every(({ act }) => act === undefined)).toBe(true);
  });

  test('are attached once the stack of the group is deployed, for nothing else would let them go', () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10, instances: [id] }, 2);
    lone.group = { ...lone.group, deploying: true };
    lone.settle();
    expect(lone.decide()).toMatchObject({
      reason: 'GroupDeploying',
      message:
        'business stays at 2: the fleet file asks for 3, but its stack is still being deployed, and could not release servers',
    });
    lone.settle(manual({ kind: 'adopt', serverIds: [id] }));
    expect(lone.group.desired).toBe(2);
    lone.group = { ...lone.group, deploying: undefined };
    lone.settle();
    expect(lone.group.desired).toBe(3);
  });

  test('are let go when the file no longer names them', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    const released = met(3, { instances: [] });
    released.group = lone.group;
    released.ledger = lone.ledger;
    expect(released.settle()[0]).toMatchObject({ from: 3, to: 2, reason: 'ServersReleased' });
    expect(released.ledger).toMatchObject({ base: 2, adopted: [] });
    expect(released.decide().reason).toBe('AtGoal');
  });

  test('that the file has ceased to name while they were attached are let go', () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10, instances: [id] }, 2);
    lone.ledger = lone.decide().ledger;
    const begun = lone.decide();
    expect(begun.act).toMatchObject({ kind: 'attach', serverIds: [id] });
    lone.act(begun.act!);
    const released = met(3, { instances: [] });
    released.group = lone.group;
    released.ledger = begun.ledger;
    released.settle();
    expect(released.group.servers.map((one) => one.id)).not.toContain(id);
    expect(released.ledger).toMatchObject({ base: 2, adopted: [] });
  });

  describe('that the file has ceased to name, and whose attach is taken for one that has done nothing', () => {
    const other = 'i-0123456789abcdef1';
    function attached(change: (lone: LoneGroup) => void): LoneGroup {
      const lone = new LoneGroup({ minSize: 1, instances: [id, other] }, 3);
      lone.ledger = lone.decide().ledger;
      const begun = lone.decide();
      expect(begun.act).toMatchObject({ kind: 'attach', serverIds: [id, other] });
      lone.act(begun.act!);
      const released = met(5, { instances: [] });
      released.group = lone.group;
      released.ledger = begun.ledger;
      change(released);
      return released;
    }

    function expectReleased(released: LoneGroup): void {
      const rows = released.settle().flatMap(({ activities }) => activities);
      expect(rows[0]).toMatchObject({ reason: 'ServersAdopted', statusCode: 'Cancelled' });
      const ids = released.group.servers.map((one) => one.id);
      expect(ids.filter((each) => each === id || each === other)).toEqual([]);
      expect(released.ledger).toMatchObject({ adopted: [] });
    }

    test('are let go, where somebody has lowered the maximum meanwhile and desired is what it was', () => {
      expectReleased(
        attached((lone) => {
          lone.group = { ...lone.group, desired: 3, servers: lone.group.servers.slice(-3) };
        }),
      );
    });

    test('are let go, where one of them has died and somebody has set another capacity', () => {
      expectReleased(
        attached((lone) => {
          lone.setDesired(6);
          const servers = lone.group.servers.filter((one) => one.id !== other);
          lone.group = { ...lone.group, servers };
        }),
      );
    });

    test('are not forgotten because a late description does not show them yet', () => {
      const lone = attached(() => {});
      const now = lone.group;
      const step = lone.decide();
      expect(step).toMatchObject({ reason: 'ActivityMoved' });
      lone.ledger = step.ledger;
      const servers = now.servers.filter((one) => one.id !== id && one.id !== other);
      lone.group = { ...now, desired: 3, servers };
      lone.look();
      lone.group = now;
      lone.settle();
      expect(lone.group.desired).toBe(3);
      expect(lone.ledger).toMatchObject({ adopted: [], base: 3 });
    });
  });

  test('are attached and let go as many at a time as a provider takes in one call, so that none stops half way', () => {
    const all = Array.from({ length: 25 }, (_, n) => `i-0123456789abcde${(n + 0x100).toString(16)}`);
    const lone = new LoneGroup({ maxSize: 40, instances: all }, 1);
    const counts = (decisions: readonly Decision[]) =>
      decisions.flatMap(({ act }) =>
        act && 'serverIds' in act ? [`${act.kind} ${act.serverIds.length}`] : [],
      );
    const attached = counts([...lone.settle(), ...lone.settle()]);
    expect(attached.filter((each) => each.startsWith('attach'))).toEqual(['attach 20', 'attach 5']);
    expect(lone.group.desired).toBe(26);
    const released = met(1, { maxSize: 40, instances: [] });
    released.group = lone.group;
    released.ledger = lone.ledger;
    expect(counts([...released.settle(), ...released.settle()])).toEqual(['detach 20', 'detach 5']);
    expect(released.ledger).toMatchObject({ base: 1, desired: 1 });
  });

  test('that are on their way out have not been there before they are attached once more', () => {
    const lone = new LoneGroup({ minSize: 1, maxSize: 10, instances: [id] }, 2);
    lone.ledger = lone.decide().ledger;
    const begun = lone.decide();
    lone.ledger = begun.ledger;
    lone.group = { ...lone.group, servers: [...lone.group.servers, server(id, 'leaving')] };
    expect(lone.decide()).toMatchObject({ act: { kind: 'attach', serverIds: [id] } });
    lone.look();
    expect([...lone.log.values()].map(({ statusCode }) => statusCode)).not.toContain('Cancelled');
  });

  test('are kept while the minimum has risen under their release, and let go when it has fallen again', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    const released = met(3, { instances: [] });
    released.group = lone.group;
    released.ledger = lone.ledger;
    released.ledger = released.decide().ledger;
    released.group = { ...released.group, minSize: 3 };
    expect(released.look().every(({ act }) => act === undefined)).toBe(true);
    expect([...released.log.values()]).toMatchObject([
      { reason: 'ServersReleased', statusCode: 'Cancelled', detail: { key: 'outOfBounds', servers: 2 } },
    ]);
    expect(released.ledger).toMatchObject({ base: 3, adopted: [id] });
    released.group = { ...released.group, minSize: 1 };
    released.settle();
    expect(released.ledger).toMatchObject({ base: 2, adopted: [] });
  });

  test('that have died before they could be let go have lowered nothing, and nobody else is blamed', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    const released = met(3, { instances: [] });
    released.group = lone.group;
    released.ledger = lone.ledger;
    // Whoever wrote this down has died before the call; the group has replaced the server meanwhile.
    const begun = released.decide();
    expect(begun.act).toMatchObject({ kind: 'detach', serverIds: [id] });
    released.ledger = begun.ledger;
    const servers = released.group.servers.map((one) => (one.id === id ? server('i-new', 'ready') : one));
    released.group = { ...released.group, servers };
    released.pass(1);
    const reasons = released.look().map(({ reason }) => reason);
    expect(reasons).not.toContain('ExternalChange');
    expect([...released.log.values()]).toMatchObject([
      { reason: 'ServersReleased', statusCode: 'Cancelled', statusMessage: 'its servers were gone already' },
    ]);
    expect(released.ledger).toMatchObject({ base: 3, desired: 3, adopted: [] });
  });

  describe('of which one dies before several are let go', () => {
    const other = 'i-0123456789abcdef1';
    function releasing() {
      const lone = met(2, { instances: [id, other] });
      lone.settle();
      const released = met(4, { instances: [] });
      released.group = lone.group;
      released.ledger = lone.ledger;
      const begun = released.decide();
      expect(begun.act).toMatchObject({ kind: 'detach', serverIds: [id, other] });
      released.ledger = begun.ledger;
      return released;
    }

    test('leave the others to be let go next', () => {
      for (const lifecycle of ['gone', 'leaving'] as const) {
        const released = releasing();
        const fresh = server('i-new', 'ready');
        const servers = released.group.servers.flatMap((one) => {
          if (one.id !== id) return [one];
          return lifecycle === 'gone' ? [fresh] : [{ ...one, lifecycle }, fresh];
        });
        released.group = { ...released.group, servers };
        released.others = { ...released.others, refused: `${id} is not part of the group` };
        const steps = [];
        while (steps.length < 4) {
          const step = released.decide();
          released.ledger = step.ledger;
          released.others = { ...released.others, refused: undefined };
          steps.push(step);
          if (step.act) break;
        }
        expect(steps[0]!.activities).toMatchObject([
          {
            statusCode: 'Cancelled',
            statusMessage: `${id} was gone already; the others are asked for again`,
          },
        ]);
        expect(steps.at(-1)!.act).toEqual({ kind: 'detach', serverIds: [other] });
        released.act(steps.at(-1)!.act!);
        released.arrive();
        released.look();
        // Right after a change a description may be late: whom it does not show is forgotten by the next look.
        released.pass(1);
        released.look();
        expect(released.ledger).toMatchObject({ base: 3, desired: 3, adopted: [] });
        expect(released.group.servers.map((one) => one.id)).not.toContain(other);
      }
    });

    test('are not asked for while one of them is on its way out, for AWS refuses such a call', () => {
      const released = releasing();
      const lone = met(2, { instances: [id, other] });
      lone.settle();
      lone.setLifecycle(id, 'leaving');
      released.ledger = lone.ledger;
      released.group = lone.group;
      expect(released.decide().act).toEqual({ kind: 'detach', serverIds: [other] });
    });

    test('stay adopted when they cannot be let go, and are tried again an hour later, in silence', () => {
      const released = releasing();
      released.others = { ...released.others, refused: 'not authorized to detach' };
      const failed = released.decide();
      released.ledger = failed.ledger;
      released.others = { ...released.others, refused: undefined };
      expect(failed.activities).toMatchObject([{ reason: 'ServersReleased', statusCode: 'Failed' }]);
      expect(failed.ledger).toMatchObject({ adopted: [id, other] });
      expect(released.look().map(({ act }) => act?.kind)).not.toContain('detach');
      released.pass(61);
      const again = released.decide();
      expect(again.act).toEqual({ kind: 'detach', serverIds: [id, other] });
      expect(again.activities).toMatchObject([{ quiet: true }]);
      released.look();
      expect(released.ledger).toMatchObject({ adopted: [], base: 2 });
      // A refusal that is past holds nobody up.
      expect(released.ledger!.rules).not.toHaveProperty('(detach)');
    });

    test('are still adopted when a pause came in between', () => {
      const released = releasing();
      const pause = { direction: 'both', since: released.now, owner: 'ada', reason: 'test' } as const;
      released.ledger = { ...released.ledger!, pause };
      const { activities, ledger } = released.decide();
      expect(activities).toMatchObject([{ statusCode: 'Cancelled' }]);
      expect(ledger.adopted).toEqual([id, other]);
    });
  });

  test('are not let go below minSize, which AWS would refuse', () => {
    const lone = met(2, { instances: [id] });
    lone.settle();
    const released = met(3, { minSize: 3 });
    released.group = { ...lone.group, minSize: 3 };
    released.ledger = lone.ledger;
    expect(released.decide()).toMatchObject({
      to: 3,
      reason: 'AtMinimum',
      message: 'business stays at 3: the fleet file asks for 2, but minSize is 3',
    });
    released.settle();
    released.settle(manual({ kind: 'adjust', adjustment: 1 }));
    expect(released.settle().map(({ reason }) => reason)).toEqual(expect.arrayContaining(['AtGoal']));
    expect(released.group.servers.map((one) => one.id)).not.toContain(id);
  });

  test('that cannot be attached are not tried every minute', () => {
    const lone = new LoneGroup({ instances: [id] }, 2);
    const step = () => {
      const decision = lone.decide();
      lone.ledger = decision.ledger;
      return decision.reason;
    };
    expect([step(), step(), step()]).toEqual(['FirstContact', 'ServersAdopted', 'ActivityRetried']);
    lone.pass(30);
    expect([step(), step(), step()]).toEqual(['ActivityEnded', 'ActivityEnded', 'AtGoal']);
    lone.pass(61);
    expect(step()).toBe('ServersAdopted');
  });

  test('that AWS refuses are told of once, with what to do, and tried again in silence', () => {
    const other = 'i-0123456789abcdef1';
    const lone = new LoneGroup({ minSize: 1, maxSize: 10, instances: [id, other] }, 2);
    const refuse = (serverIds: readonly string[]) => {
      const decisions: Decision[] = [];
      for (let step = 0; step < 6; step++) {
        const decision = lone.decide();
        decisions.push(decision);
        lone.ledger = decision.ledger;
        const refused = decision.act?.kind === 'attach' && decision.act.serverIds.includes(id);
        if (decision.act && !refused) lone.act(decision.act);
        lone.others = { ...lone.others, refused: refused ? 'its VPC is another' : undefined };
      }
      const [asked] = decisions.filter(({ act }) => act?.kind === 'attach');
      expect(asked?.act).toEqual(serverIds.length > 0 ? { kind: 'attach', serverIds } : undefined);
      return decisions.flatMap(({ activities }) => activities as readonly OpenActivity[]);
    };
    const together = refuse([id, other]);
    expect(together.map(({ statusCode }) => statusCode)).toEqual(['PreInService', 'Failed']);
    expect(inEnglish(together[1]!.detail!)).toBe('its VPC is another; rushhour doctor says what to do');
    expect(refuse([])).toEqual([]);
    lone.pass(1);
    const alone = refuse([other]);
    expect(alone.filter(({ quiet, phase }) => !(quiet && phase === 'intended')).length).toBeGreaterThan(0);
    expect(lone.group.servers.map((server) => server.id)).toContain(other);
    lone.pass(30);
    expect(refuse([])).toEqual([]);
    lone.pass(31);
    const again = refuse([id]);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ quiet, phase }) => quiet && phase === 'intended')).toBe(true);
  });

  test('can be adopted by hand, and stay though no file names them', () => {
    const lone = met(2);
    const [adopted] = lone.settle(manual({ kind: 'adopt', serverIds: [id] }));
    expect(adopted).toMatchObject({
      to: 3,
      reason: 'ServersAdopted',
      act: { kind: 'attach', serverIds: [id] },
    });
    expect(lone.group.servers.find((one) => one.id === id)).toMatchObject({ protectedFromScaleIn: true });
    expect(lone.decide().reason).toBe('AtGoal');
  });

  test('is in the history, also of a server that was in the group already', () => {
    const lone = met(2);
    const { id: present } = lone.group.servers[0]!;
    const [adopted] = lone.settle(manual({ kind: 'adopt', serverIds: [present] }));
    expect(adopted!.forgets).toMatchObject([
      { reason: 'ServersAdopted', by: 'alice', statusCode: 'Successful', from: 2, to: 2 },
    ]);
  });
});

describe('an adoption that is refused half way', () => {
  test('leaves those protected that are in the group already', () => {
    const [first, second] = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];
    const lone = met(2);
    const { ledger } = lone.decide(manual({ kind: 'adopt', serverIds: [first!, second!] }));
    lone.ledger = ledger;
    lone.act({ kind: 'attach', serverIds: [first!] });
    lone.others = { ...lone.others, refused: 'there is no such server' };
    const decisions = lone.look();
    expect(decisions.flatMap(({ activities }) => activities)[0]).toMatchObject({ statusCode: 'Failed' });
    expect(lone.ledger.adoptedByHand).toEqual([first]);
    expect(lone.group.servers.find(({ id }) => id === first)?.protectedFromScaleIn).toBe(true);
  });

  test('that is given up leaves nothing that would wait for a server which never came', () => {
    const id = 'i-0123456789abcdef0';
    const lone = met(2);
    lone.ledger = lone.decide(manual({ kind: 'adopt', serverIds: [id] })).ledger;
    lone.group = { ...lone.group, maxSize: 2 };
    lone.look();
    expect([...lone.log.values()].at(-1)).toMatchObject({ statusCode: 'Cancelled' });
    expect(lone.ledger).toMatchObject({ adoptedByHand: [] });
    expect(lone.group.suspended).toEqual([]);
  });

  test('says of those alone that are not in the group that they could not be attached', () => {
    const [first, second] = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];
    const lone = new LoneGroup({ instances: [first, second] }, 2);
    lone.ledger = lone.decide().ledger;
    lone.ledger = lone.decide().ledger;
    lone.act({ kind: 'attach', serverIds: [first!] });
    lone.others = { ...lone.others, refused: 'there is no such server' };
    const failed = lone.decide();
    expect(failed.ledger).toMatchObject({ adopted: [first], notAdopted: { ids: [second], tries: 1 } });
  });
});
