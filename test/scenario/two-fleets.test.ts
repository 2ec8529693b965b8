import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployed, exampleFleet } from '../kit/deployed.ts';

const adopted = { lunch: 'i-0a5e551041adde001', dinner: 'i-0a5e551041adde002' };
let account: Deployed;

beforeAll(async () => {
  account = new Deployed();
  await account.deploy(await exampleFleet());
  await account.deploy(
    await exampleFleet(
      ['name: lunch', 'name: dinner'],
      [adopted.lunch, adopted.dinner],
      // At its minimum, and two of the servers are its own.
      ['minSize: 0', 'minSize: 3'],
    ),
  );
  await account.pass(900);
});

afterAll(() => account[Symbol.asyncDispose]());

async function stateOf(InstanceId: string): Promise<string> {
  const { Reservations } = await account.call('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] });
  return Reservations[0].Instances[0].State.Name;
}

describe('two fleets in one account and region', () => {
  it.each(['lunch', 'dinner'] as const)('%s has its groups and its servers', async (fleet) => {
    expect(await account.group(`${fleet}-business`)).toMatchObject({ DesiredCapacity: 5 });
    expect(await account.servers(`${fleet}-session`)).toContain(adopted[fleet]);
  });

  it('stay apart: what happens to one is no news to the other', async () => {
    const of = (fleet: string) => account.mails.filter(({ subject }) => subject.startsWith(`[${fleet}] `));
    for (const fleet of ['lunch', 'dinner']) {
      const others = fleet === 'lunch' ? 'dinner' : 'lunch';
      expect(of(fleet).filter(({ text }) => text.includes('business 3 → 5'))).toHaveLength(1);
      expect(of(fleet).filter(({ text }) => text.includes(`[${others}]`))).toEqual([]);
    }
    const { Items } = await account.call('dynamodb', 'Scan', { TableName: 'dinner-activities' });
    for (const item of Items) expect(JSON.stringify(item)).not.toContain(adopted.lunch);
  });
});

describe('an unhealthy server', () => {
  const failHealthCheck = async (InstanceId: string) => {
    await account.call('autoscaling', 'SetInstanceHealth', { InstanceId, HealthStatus: 'Unhealthy' });
    await account.pass(600);
  };
  const told = (words: string) => account.mails.filter(({ text }) => text.includes(words));

  it('is replaced, which the history tells and no mail', async () => {
    const [unhealthy] = await account.servers('lunch-business');
    await failHealthCheck(unhealthy!);
    expect(await account.servers('lunch-business')).not.toContain(unhealthy);
    expect(told(unhealthy!)).toEqual([]);
    const rows = (await account.history('lunch', 'business')).map(({ message }) => message);
    expect(rows).toContain(`business: lost ${unhealthy}: failed a health check`);
  });

  it('is left as it is where it was adopted, and people hear of it once', async () => {
    await failHealthCheck(adopted.lunch);
    expect(await account.servers('lunch-session')).toContain(adopted.lunch);
    expect(told(`${adopted.lunch} fails its health check, and nobody replaces it`)).toHaveLength(1);
  });
});

describe('a group that is destroyed', () => {
  it('leaves the server that it had adopted alive, and nothing of its own', async () => {
    const own = (await account.servers('dinner-session')).filter((id) => id !== adopted.dinner);
    expect(own.length).toBeGreaterThan(0);
    // Its servers have the address of the session cluster.
    await account.destroy('dinner-business');
    await account.destroy('dinner-session');
    expect(await account.group('dinner-session')).toBeUndefined();
    expect(await stateOf(adopted.dinner)).toBe('running');
    for (const id of own) expect(await stateOf(id)).toBe('terminated');
  });

  it('does not touch the other fleet', async () => {
    expect(await account.servers('lunch-session')).toContain(adopted.lunch);
    expect(await stateOf(adopted.lunch)).toBe('running');
  });
});
