import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handle } from '../../../functions/release.ts';
import { reconcile } from '../../../shared/engine/reconcile.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { invocation, Stage } from '../../kit/stage.ts';

const listed = 'i-0123456789abcdef0';
const byHand = 'i-0123456789abcdef1';
const fleetFile = `
name: lunch
groups:
  session:
    launch: { imageId: ami-0a1b2c3d, instanceType: c7g.large }
    minSize: 2
    maxSize: 10
    instances: [${listed}]
`;

/** The address at which CloudFormation waits for an answer. */
let waiting: Server;
let answers: unknown[];
let status: number;
let stage: Stage;

beforeEach(async () => {
  answers = [];
  status = 200;
  waiting = createServer(async (request, response) => {
    answers.push(await json(request));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => waiting.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(waiting.address() as AddressInfo).port}`);
  stage = new Stage(fleetFile, { start: '2026-03-04T03:00:00Z' });
  await stage.playUntil('2026-03-04T03:10:00Z');
});

afterEach(() => {
  vi.unstubAllEnvs();
  waiting.close();
});

function request(RequestType: string) {
  const { port } = waiting.address() as AddressInfo;
  return {
    RequestType,
    ResponseURL: `http://127.0.0.1:${port}/answer`,
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/lunch-session/1',
    RequestId: 'r1',
    LogicalResourceId: 'AdoptedServers',
    ResourceProperties: { group: 'session', scalingGroup: 'lunch-session', instances: [listed] },
  };
}

const ids = () => stage.ports.groups.get('lunch-session').servers.map(({ id }) => id);

describe('release', () => {
  it.each([
    'http://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x',
    'https://amazonaws.com.example/x',
    'https://evilamazonaws.com/x',
    'https://amazonaws.com@example.com/x',
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
  ])('answers no address but AWS’s own: %s', async (ResponseURL) => {
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    const refused = handle({ ...request('Delete'), ResponseURL }, stage.scaler, invocation);
    await expect(refused).rejects.toThrow('ResponseURL: expected an https address of AWS (amazonaws.com)');
    expect(ids()).toContain(listed);
  });

  it('lets the adopted servers of a group that is deleted go, and tells CloudFormation', async () => {
    expect(ids()).toContain(listed);
    await handle(request('Delete'), stage.scaler, invocation);
    expect(ids()).not.toContain(listed);
    expect(ids().length).toBeGreaterThan(0);
    const { StackId, RequestId, LogicalResourceId } = request('Delete');
    const same = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'lunch-session' };
    expect(answers).toEqual([{ Status: 'SUCCESS', ...same }]);
  });

  it('also those that a person adopted, when the fleet file has forgotten the group', async () => {
    const { ledger } = stage.ports;
    const known = (await ledger.read(['session'])).get('session')!;
    await stage.ports.groups.attach('lunch-session', [byHand]);
    const version = known.version + 1;
    await ledger.write('session', { ...known, version, adoptedByHand: [byHand] }, known.version);
    const scaler = { ...stage.scaler, groups: new Map() };
    expect(await handle(request('Delete'), scaler, invocation)).toEqual({
      released: [listed, byHand],
      unprotected: [],
    });
  });

  it.each([
    ['about to be let go', 'detach'],
    ['about to be attached', 'attach'],
  ] as const)(
    'also one that was %s when its function died: nobody has noted what came of it',
    async (_, act) => {
      const { ledger, groups } = stage.ports;
      const known = (await ledger.read(['session'])).get('session')!;
      const [earlier] = stage.history('session');
      const what = { phase: 'intended', deadline: stage.now + 60_000, there: [], [act]: [listed] } as const;
      const open = [{ ...earlier!, activityId: 'cut-off', endedAt: undefined, ...what }];
      const version = known.version + 1;
      await ledger.write('session', { ...known, version, adopted: [], open }, known.version);
      const asked = request('Delete');
      const ResourceProperties = { ...asked.ResourceProperties, instances: [] };
      expect(await handle({ ...asked, ResourceProperties }, stage.scaler, invocation)).toEqual({
        released: [listed],
        unprotected: [],
      });
      expect(groups.get('lunch-session').servers.map(({ id }) => id)).not.toContain(listed);
    },
  );

  it('allows adoption when the group is there, for it is there to let the servers go', async () => {
    for (const kind of ['Create', 'Update']) {
      const { groups } = stage.ports;
      groups.put({ ...groups.get('lunch-session'), deploying: true });
      await handle(request(kind), stage.scaler, invocation);
      expect(groups.get('lunch-session').deploying).toBeUndefined();
    }
    expect(ids()).toContain(listed);
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }, { Status: 'SUCCESS' }]);
  });

  it('takes the protection from servers of the group itself: CloudFormation would wait for them for ever', async () => {
    const own = ids().find((id) => id !== listed)!;
    await stage.ports.groups.protect('lunch-session', [own], true);
    expect(await handle(request('Delete'), stage.scaler, invocation)).toEqual({
      released: [listed],
      unprotected: [own],
    });
    const { servers, suspended } = stage.ports.groups.get('lunch-session');
    expect(servers.filter((server) => server.protectedFromScaleIn)).toEqual([]);
    expect(suspended).toContain('launching');
  });

  it('cancels what is under way in the history: no sweep comes that would end it', async () => {
    const bump = { kind: 'adjust', adjustment: 1 } as const;
    const trigger = {
      kind: 'manual',
      requestId: 'late',
      request: bump,
      reason: 'sale',
      owner: 'ada',
    } as const;
    await reconcile(stage.scaler, 'session', trigger);
    const history = async () => (await stage.ports.activities.query('session', { limit: 10 })).activities;
    expect((await history())[0]).toMatchObject({ activityId: 'session-late', endedAt: undefined });
    await handle(request('Delete'), stage.scaler, invocation);
    expect((await history()).filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
    expect((await history()).find(({ activityId }) => activityId === 'session-late')).toMatchObject({
      statusCode: 'Cancelled',
      detail: { key: 'groupDeleted' },
    });
  });

  it('puts on record as cancelled what is under way in every group when the scaler goes, and nothing before', async () => {
    stage.ports.clock.advance(60);
    const bump = { kind: 'adjust', adjustment: 1 } as const;
    const trigger = {
      kind: 'manual',
      requestId: 'last',
      request: bump,
      reason: 'test',
      owner: 'ann',
    } as const;
    await reconcile(stage.scaler, 'session', trigger);
    const asked = (RequestType: string) => ({
      ...request(RequestType),
      ResourceProperties: { fleet: 'lunch' },
    });
    const last = async () =>
      (await stage.ports.activities.query('session', { limit: 10 })).activities.find(
        ({ activityId }) => activityId === 'session-last',
      );
    await handle(asked('Create'), stage.scaler, invocation);
    expect(await last()).toMatchObject({ endedAt: undefined });
    await handle(asked('Delete'), stage.scaler, invocation);
    expect(await last()).toMatchObject({ statusCode: 'Cancelled', detail: { key: 'scalerDeleted' } });
    expect(ids()).toContain(listed);
  });

  it('lets the others go when one of them dies before the call, which AWS then refuses', async () => {
    const { groups } = stage.ports;
    await groups.attach('lunch-session', [byHand]);
    const asked = request('Delete');
    const ResourceProperties = { ...asked.ResourceProperties, instances: [listed, byHand] };
    const detach = groups.detachBeforeDelete.bind(groups);
    vi.spyOn(groups, 'detachBeforeDelete').mockImplementationOnce(async (name, ids) => {
      groups.lose(name, listed, 'terminated');
      await detach(name, ids);
    });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const answer = handle({ ...asked, ResourceProperties }, stage.scaler, invocation);
    await vi.waitFor(() => expect(ids()).not.toContain(byHand));
    stage.ports.clock.advance(600);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(5_000);
      expect(answers).toHaveLength(1);
    });
    vi.useRealTimers();
    expect(await answer).toEqual({ released: [byHand], unprotected: [] });
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  it('says so when they are refused again and again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const refusal = new PortError('Invalid', 'not in InService or Standby');
    const detach = vi.spyOn(stage.ports.groups, 'detachBeforeDelete').mockRejectedValue(refusal);
    const answer = handle(request('Delete'), stage.scaler, invocation);
    for (let tries = 2; tries <= 6; tries++) {
      await vi.waitFor(() => expect(detach).toHaveBeenCalledTimes(tries));
      await vi.advanceTimersByTimeAsync(5_000);
    }
    vi.useRealTimers();
    await answer;
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'not in InService or Standby' }]);
  });

  it('has nothing to do when the group is gone already', async () => {
    const asked = request('Delete');
    const ResourceProperties = { ...asked.ResourceProperties, scalingGroup: 'gone' };
    await handle({ ...asked, ResourceProperties }, stage.scaler, invocation);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'gone' }]);
  });

  it('says why it could not, so that the group is not deleted', async () => {
    vi.spyOn(stage.ports.groups, 'detachBeforeDelete').mockRejectedValue(
      new PortError('Denied', 'not allowed to detach'),
    );
    await handle(request('Delete'), stage.scaler, invocation);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'not allowed to detach' }]);
  });

  it('says so in an answer that CloudFormation takes, however many servers it is about', async () => {
    const why = `could not detach ${'i-0123456789abcdef0, '.repeat(300)}`;
    vi.spyOn(stage.ports.groups, 'detachBeforeDelete').mockRejectedValue(new PortError('Denied', why));
    await handle(request('Delete'), stage.scaler, invocation);
    expect(answers).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('could not detach') },
    ]);
    expect(JSON.stringify(answers[0]).length).toBeLessThan(4_096);
  });

  it('waits no longer than it lives for servers that are still leaving', async () => {
    vi.spyOn(stage.ports.groups, 'detachBeforeDelete').mockResolvedValue();
    const ending = { ...invocation, getRemainingTimeInMillis: () => 5_000 };
    await handle(request('Delete'), stage.scaler, ending);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringContaining('still leaving') }]);
  });

  it('fails when CloudFormation does not take the answer, and is tried again', async () => {
    status = 500;
    await expect(handle(request('Create'), stage.scaler, invocation)).rejects.toThrow(
      'does not take the answer',
    );
  });
});
