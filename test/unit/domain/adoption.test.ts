import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../shared/domain/decision.ts';
import type { OpenActivity } from '../../../shared/domain/ledger.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { manual, Stage, server } from './stage.ts';

function met(desired: number, group: object = {}): Stage {
  const stage = new Stage({ minSize: 1, maxSize: 10, ...group }, desired);
  stage.look();
  return stage;
}

describe('servers of the fleet file', () => {
  const id = 'i-0123456789abcdef0';

  test('are attached, protected and never scaled in', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    expect(stage.group).toMatchObject({ desired: 3 });
    expect(stage.group.servers.find((one) => one.id === id)).toMatchObject({ protectedFromScaleIn: true });
    expect(stage.ledger).toMatchObject({ base: 3, adopted: [id] });
    stage.settle(manual({ kind: 'set', desiredCapacity: 0 }));
    expect(stage.group.desired).toBe(1);
    expect(stage.group.servers.map((one) => one.id)).toEqual([id]);
  });

  test('are all there is in a group that may be empty', () => {
    const stage = met(0, { minSize: 0, instances: [id] });
    stage.settle();
    expect(stage.group.desired).toBe(1);
    expect(stage.ledger).toMatchObject({ base: 1 });
  });

  test('are protected again when somebody took the protection away', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    const servers = stage.group.servers.map((one) => ({ ...one, protectedFromScaleIn: false }));
    stage.group = { ...stage.group, servers };
    expect(stage.decide()).toMatchObject({
      reason: 'ServersAdopted',
      act: { kind: 'protect', serverIds: [id] },
    });
  });

  test('are not replaced when they are sick, unless the file says so', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    expect(stage.group.suspended).toEqual(['replacing']);
    const told = met(2, { instances: [id], replaceUnhealthy: true });
    told.group = stage.group;
    told.ledger = stage.ledger;
    expect(told.decide().act).toEqual({ kind: 'replaceUnhealthy', replace: true });
    const alone = met(2, {});
    alone.settle();
    expect(alone.group.suspended).toEqual([]);
  });

  test('are told of, once, when they are sick, and once when they are well again', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    stage.sicken(id);
    const [fallen, ...after] = stage.look();
    expect(fallen!.activities).toMatchObject([{ reason: 'ServersUnhealthy', statusCode: 'Failed' }]);
    expect(fallen!.message).toBe(`business: ${id} fails its health check, and nobody replaces it`);
    expect([...after, ...stage.look()].flatMap(({ activities }) => activities)).toEqual([]);
    stage.sicken(id, 'ready');
    expect(stage.look()[0]!.message).toBe(`business: ${id} is healthy again`);
    expect(stage.decide().ledger).toBe(stage.ledger);
  });

  test('are not attached to a group that launches nothing: it may be about to be deleted', () => {
    const stage = new Stage({ instances: [id] }, 2);
    stage.group = { ...stage.group, suspended: ['launching'] };
    expect(stage.look().every(({ act }) => act === undefined)).toBe(true);
  });

  test('are attached once the stack of the group is deployed, for nothing else would let them go', () => {
    const stage = new Stage({ minSize: 1, maxSize: 10, instances: [id] }, 2);
    stage.group = { ...stage.group, deploying: true };
    stage.settle();
    expect(stage.decide()).toMatchObject({
      reason: 'GroupDeploying',
      message:
        'business stays at 2: the fleet file asks for 3, but its stack is still being deployed, and could not release servers',
    });
    stage.settle(manual({ kind: 'adopt', serverIds: [id] }));
    expect(stage.group.desired).toBe(2);
    stage.group = { ...stage.group, deploying: undefined };
    stage.settle();
    expect(stage.group.desired).toBe(3);
  });

  test('are let go when the file no longer names them', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    const released = met(3, { instances: [] });
    released.group = stage.group;
    released.ledger = stage.ledger;
    expect(released.settle()[0]).toMatchObject({ from: 3, to: 2, reason: 'ServersReleased' });
    expect(released.ledger).toMatchObject({ base: 2, adopted: [] });
    expect(released.decide().reason).toBe('AtGoal');
  });

  test('that have died before they could be let go have lowered nothing, and nobody else is blamed', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    const released = met(3, { instances: [] });
    released.group = stage.group;
    released.ledger = stage.ledger;
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

  test('are not let go below minSize, which AWS would refuse', () => {
    const stage = met(2, { instances: [id] });
    stage.settle();
    const released = met(3, { minSize: 3 });
    released.group = { ...stage.group, minSize: 3 };
    released.ledger = stage.ledger;
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
    const stage = new Stage({ instances: [id] }, 2);
    const step = () => {
      const decision = stage.decide();
      stage.ledger = decision.ledger;
      return decision.reason;
    };
    expect([step(), step(), step()]).toEqual(['FirstContact', 'ServersAdopted', 'ActivityRetried']);
    stage.pass(30);
    expect([step(), step(), step()]).toEqual(['ActivityEnded', 'ActivityEnded', 'AtGoal']);
    stage.pass(61);
    expect(step()).toBe('ServersAdopted');
  });

  test('that AWS refuses are told of once, with what to do, and tried again in silence', () => {
    const other = 'i-0123456789abcdef1';
    const stage = new Stage({ minSize: 1, maxSize: 10, instances: [id, other] }, 2);
    const refuse = (serverIds: readonly string[]) => {
      const decisions: Decision[] = [];
      for (let step = 0; step < 6; step++) {
        const decision = stage.decide();
        decisions.push(decision);
        stage.ledger = decision.ledger;
        const refused = decision.act?.kind === 'attach' && decision.act.serverIds.includes(id);
        if (decision.act && !refused) stage.act(decision.act);
        stage.others = { ...stage.others, refused: refused ? 'its VPC is another' : undefined };
      }
      const [asked] = decisions.filter(({ act }) => act?.kind === 'attach');
      expect(asked?.act).toEqual(serverIds.length > 0 ? { kind: 'attach', serverIds } : undefined);
      return decisions.flatMap(({ activities }) => activities as readonly OpenActivity[]);
    };
    const together = refuse([id, other]);
    expect(together.map(({ statusCode }) => statusCode)).toEqual(['PreInService', 'Failed']);
    expect(inEnglish(together[1]!.detail!)).toBe('its VPC is another; rushhour doctor says what to do');
    expect(refuse([])).toEqual([]);
    stage.pass(1);
    const alone = refuse([other]);
    expect(alone.filter(({ quiet, phase }) => !(quiet && phase === 'intended')).length).toBeGreaterThan(0);
    expect(stage.group.servers.map((server) => server.id)).toContain(other);
    stage.pass(30);
    expect(refuse([])).toEqual([]);
    stage.pass(31);
    const again = refuse([id]);
    expect(again.length).toBeGreaterThan(0);
    expect(again.every(({ quiet, phase }) => quiet && phase === 'intended')).toBe(true);
  });

  test('can be adopted by hand, and stay though no file names them', () => {
    const stage = met(2);
    const [adopted] = stage.settle(manual({ kind: 'adopt', serverIds: [id] }));
    expect(adopted).toMatchObject({
      to: 3,
      reason: 'ServersAdopted',
      act: { kind: 'attach', serverIds: [id] },
    });
    expect(stage.group.servers.find((one) => one.id === id)).toMatchObject({ protectedFromScaleIn: true });
    expect(stage.decide().reason).toBe('AtGoal');
  });

  test('is in the history, also of a server that was in the group already', () => {
    const stage = met(2);
    const { id: present } = stage.group.servers[0]!;
    const [adopted] = stage.settle(manual({ kind: 'adopt', serverIds: [present] }));
    expect(adopted!.forgets).toMatchObject([
      { reason: 'ServersAdopted', by: 'alice', statusCode: 'Successful', from: 2, to: 2 },
    ]);
  });
});

describe('an adoption that is refused half way', () => {
  test('leaves those protected that are in the group already', () => {
    const [first, second] = ['i-0123456789abcdef0', 'i-0123456789abcdef1'];
    const stage = met(2);
    const { ledger } = stage.decide(manual({ kind: 'adopt', serverIds: [first!, second!] }));
    stage.ledger = ledger;
    stage.act({ kind: 'attach', serverIds: [first!] });
    stage.others = { ...stage.others, refused: 'there is no such server' };
    const decisions = stage.look();
    expect(decisions.flatMap(({ activities }) => activities)[0]).toMatchObject({ statusCode: 'Failed' });
    expect(stage.ledger.adoptedByHand).toEqual([first]);
    expect(stage.group.servers.find(({ id }) => id === first)?.protectedFromScaleIn).toBe(true);
  });
});
