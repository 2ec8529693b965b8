import { createServer, request, type Server } from 'node:http';
import { Endpoint } from '@rushhour/local-aws/endpoint';
import { fleetServices } from '@rushhour/local-aws/fleet-services';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundling } from '../../infra/bundling.ts';
import { start, TestAccount } from '../../packages/local-aws/test/account.ts';
import type { Activity } from '../../shared/domain/activity.ts';
import { reconcile } from '../../shared/engine/reconcile.ts';
import { createScaler } from '../../shared/engine/scaler.ts';
import { fleet as fleetSchema } from '../../shared/fleet/fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { makeClients } from '../../shared/providers/aws/clients.ts';
import { awsPorts } from '../../shared/providers/aws/ports.ts';
import { World } from '../../simulate/world/world.ts';
import { faultyPorts } from '../kit/faulty-ports.ts';

/** More than a bump makes calls. */
const callsAtMost = 40;
const names = Array.from({ length: 3 * callsAtMost }, (_, index) => `g${index}`);
const fleet = fleetSchema.parse({
  name: 'crash',
  groups: Object.fromEntries(names.map((name) => [name, { existing: name, minSize: 1, maxSize: 10 }])),
});
const settings = {
  fleet: 'crash',
  ledgerTable: 'ledger',
  activitiesTable: 'activities',
  historyRetentionDays: 400,
  eventBus: 'default',
};
const image = 'ami-0123456789abcdef0';
const sweep = { kind: 'sweep' } as const;

const account = new TestAccount();
const endpoint = new Endpoint(account.cloud);
let proxy: Awaited<ReturnType<typeof losingProxy>>;
let ports: Ports;
const fresh = names.values();

beforeAll(async () => {
  const services = fleetServices(account.cloud, new World(7, {}));
  account.cloud.add(...services.all);
  services.ec2.images.seed(image, 'fleet', 'arm64', start);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'x',
  });
  proxy = await losingProxy(await endpoint.listen());
  const clients = makeClients({ endpoint: proxy.url, maxAttempts: 3 });
  ports = { ...awsPorts(clients, settings), clock: { now: () => account.cloud.eventQueue.now() } };
  await makeTables();
  await account.call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'fleet',
    LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.xlarge' },
  });
  await deployBump();
});

afterAll(async () => {
  proxy.server.close();
  proxy.server.closeAllConnections();
  await endpoint.close();
  await account.cloud.close();
});

async function makeTables(): Promise<void> {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
  const key = { AttributeName: 'group', KeyType: 'HASH' };
  const sort = { AttributeName: 'sort', KeyType: 'RANGE' };
  const ledger = { TableName: 'ledger', AttributeDefinitions: [text('group')], KeySchema: [key] };
  const attributes = [text('group'), text('sort')];
  const activities = { TableName: 'activities', AttributeDefinitions: attributes, KeySchema: [key, sort] };
  for (const table of [ledger, activities])
    await account.call('dynamodb', 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' });
}

/** Seconds within which only the first attempt of an event is made: Lambda's second comes a minute later. */
const firstAttempt = 30;

/** The real bundle, with the fleet, which dies instead of sending a certain request: only until `KILL_UNTIL`. */
async function deployBump(): Promise<void> {
  const killer = `
{const http=require('node:http'),fs=require('node:fs'),send=http.request;let sent=0;
process.env.RUSHHOUR_FLEET=require('node:os').tmpdir()+'/fleet.json';
fs.writeFileSync(process.env.RUSHHOUR_FLEET,${JSON.stringify(JSON.stringify(fleet))});
http.request=(...args)=>{const{KILL_AT,KILL_UNTIL}=process.env;
if(++sent===Number(KILL_AT)&&Date.now()<Number(KILL_UNTIL)){process.exit(99)}return send(...args)};
require('node:module').syncBuiltinESMExports()}`;
  const built = await build({
    ...bundling,
    banner: { js: bundling.banner.js + killer },
    entryPoints: ['functions/bump.ts'],
    outfile: 'bump.mjs',
    write: false,
  });
  const dead = await account.queue('dead');
  await account.function('bump', built.outputFiles[0]!.text, {
    Timeout: 60,
    DeadLetterConfig: { TargetArn: dead },
    Environment: { Variables: variables(0) },
  });
}

function variables(killAt: number): Record<string, string> {
  return {
    TABLE_LEDGER: 'ledger',
    TABLE_ACTIVITIES: 'activities',
    EVENT_BUS: 'default',
    POWERTOOLS_SERVICE_NAME: 'crash',
    POWERTOOLS_METRICS_NAMESPACE: 'Rushhour',
    KILL_AT: String(killAt),
    KILL_UNTIL: String(account.cloud.eventQueue.now() + firstAttempt * 1000),
  };
}

/** A group of one server that nobody has met. */
async function freshGroup(): Promise<string> {
  const name = fresh.next().value!;
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: name,
    MinSize: 1,
    MaxSize: 10,
    AvailabilityZones: ['us-east-1a'],
    LaunchTemplate: { LaunchTemplateName: 'fleet' },
  });
  return name;
}

function bumpOf(group: string) {
  const request = { kind: 'adjust', adjustment: 1 } as const;
  return { kind: 'manual', requestId: `bump-${group}`, request, reason: 'test', owner: 'alice' } as const;
}

/** Minutes of sweeps, as in production. */
async function sweepUntilQuiet(group: string): Promise<void> {
  for (let minute = 0; minute < 4; minute++) {
    await account.pass(60);
    await reconcile(createScaler(fleet, ports), group, sweep);
  }
}

async function expectOneChange(group: string): Promise<void> {
  const found = await ports.groups.describe([group]);
  expect(found.get(group)!.desired, group).toBe(2);
  const { activities } = await ports.activities.query(group, { limit: 50 });
  const changes = activities.filter(({ from, to }) => from !== to).map(told);
  expect(changes, group).toEqual(['1 → 2 ManualChange Successful']);
}

function told({ from, to, reason, statusCode }: Activity): string {
  return `${from} → ${to} ${reason} ${statusCode}`;
}

describe('the adapters over HTTP', () => {
  it.each(['before', 'after'] as const)('survive a death %s any call to a port', async (when) => {
    let deaths = 0;
    for (let call = 1; call <= callsAtMost; call++) {
      const group = await freshGroup();
      const dying = dyingAt(call, when);
      const first = reconcile(createScaler(fleet, dying.ports), group, bumpOf(group));
      // Whoever is dead gives no answer: what is waited for is the death, or the end.
      const died = await Promise.race([first.then(() => false), dying.death.then(() => true)]);
      if (!died) break;
      deaths++;
      await account.pass(60);
      await reconcile(createScaler(fleet, ports), group, bumpOf(group));
      await sweepUntilQuiet(group);
      await expectOneChange(group);
    }
    expect(deaths).toBeGreaterThan(8);
  });

  it('do not notice that any one answer is lost: the SDK asks again', async () => {
    let lost = 0;
    for (let nth = 1; nth <= callsAtMost; nth++) {
      const group = await freshGroup();
      proxy.loseAnswer(nth);
      await reconcile(createScaler(fleet, ports), group, bumpOf(group));
      if (!proxy.hasLost()) break;
      lost++;
      await sweepUntilQuiet(group);
      await expectOneChange(group);
    }
    expect(lost).toBeGreaterThan(8);
  });

  function dyingAt(nth: number, when: 'before' | 'after') {
    const never = new Promise<never>(() => {});
    const death = Promise.withResolvers<void>();
    let calls = 0;
    const dies = () => {
      death.resolve();
      return never;
    };
    const mortal = faultyPorts(ports, async (_, carryOut) => {
      calls++;
      if (calls > nth || (calls === nth && when === 'before')) return dies();
      const answer = await carryOut();
      return calls === nth ? dies() : answer;
    });
    return { ports: mortal, death: death.promise };
  }
});

describe('a function in the cloud', () => {
  const invoke = (payload: object) =>
    account.call('lambda', 'Invoke', {
      FunctionName: 'bump',
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(payload)),
    });

  /** How often the function has died in the last 200 seconds. */
  async function deaths(): Promise<number> {
    const now = account.cloud.eventQueue.now();
    const { Datapoints } = await account.call('monitoring', 'GetMetricStatistics', {
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'bump' }],
      StartTime: new Date(now - 200_000),
      EndTime: new Date(now),
      Period: 60,
      Statistics: ['Sum'],
    });
    return Datapoints.reduce((sum: number, { Sum }: { Sum: number }) => sum + Sum, 0);
  }

  it.each([1, 2, 3, 4, 5, 7, 9])(
    'that dies instead of sending request %i is run again, and finishes',
    async (killAt) => {
      const group = await freshGroup();
      await account.call('lambda', 'UpdateFunctionConfiguration', {
        FunctionName: 'bump',
        Environment: { Variables: variables(killAt) },
      });
      await invoke({ group, adjustment: 1, reason: 'test', requestId: `bump-${group}` });
      await account.pass(200);
      expect(await deaths()).toBe(1);
      await sweepUntilQuiet(group);
      await expectOneChange(group);
      expect(await account.received('dead')).toEqual([]);
    },
  );

  it('is run three times and then dead-lettered with its reason when it cannot succeed', async () => {
    await invoke({ group: 'nobody', adjustment: 1, reason: 'test' });
    await account.pass(240);
    const [letter] = await account.received('dead');
    expect(letter!.body).toEqual({ group: 'nobody', adjustment: 1, reason: 'test' });
    expect(letter!.attributes['ErrorMessage']).toContain('the fleet has no group nobody');
  });
});

/** Stands before the endpoint, and now and then carries a request out without passing the answer on. */
async function losingProxy(target: string) {
  let countdown = 0;
  let lost = false;
  const server: Server = createServer((incoming, outgoing) => {
    const loses = --countdown === 0;
    const { method, url, headers } = incoming;
    const forwarded = request(new URL(url!, target), { method: method!, headers }, (answer) => {
      if (loses) {
        lost = true;
        answer.resume().on('end', () => outgoing.socket?.destroy());
      } else {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      }
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  return {
    server,
    url: `http://127.0.0.1:${address.port}`,
    loseAnswer: (nth: number) => {
      countdown = nth;
      lost = false;
    },
    hasLost: () => lost,
  };
}
