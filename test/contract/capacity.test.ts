import { expect, it } from 'vitest';
import { capacityContract } from './contract.ts';
import type { UnderTest } from './implementation.ts';

const business = { name: 'business', minSize: 1, maxSize: 6, desired: 3 };

async function running(tested: UnderTest, loadBalancer = false): Promise<UnderTest> {
  await tested.makeGroup({ ...business, loadBalancer });
  await tested.advance(240);
  return tested;
}

async function setDesired(tested: UnderTest, desired: number) {
  return tested.ports.groups.setDesired('business', desired, await describeIt(tested));
}

async function describeIt(tested: UnderTest) {
  return (await tested.ports.groups.describe(['business'])).get('business')!;
}

/** A group finds out about a server that somebody has terminated at its next look. */
async function untilLeaving(tested: UnderTest, id: string): Promise<void> {
  for (let look = 0; look < 12; look++) {
    const server = (await describeIt(tested)).servers.find((one) => one.id === id);
    if (server === undefined || server.lifecycle === 'leaving') return;
    await tested.advance(10);
  }
  throw new Error(`${id} never leaves`);
}

capacityContract('Capacity', [], (tested) => {
  it('describe a group with its servers', async () => {
    const { name, desired, servers, suspended } = await describeIt(await running(tested()));
    expect({ name, desired, suspended }).toEqual({ name: 'business', desired: 3, suspended: [] });
    expect(servers).toHaveLength(3);
    for (const server of servers) {
      expect(server).toMatchObject({
        lifecycle: 'ready',
        protectedFromScaleIn: false,
        weight: 1,
      });
    }
  });

  it('leave out groups that do not exist', async () => {
    const found = await (await running(tested())).ports.groups.describe(['nowhere', 'business']);
    expect([...found.keys()]).toEqual(['business']);
  });

  it('show desired at once, and the servers later', async () => {
    const world = await running(tested());
    await setDesired(world, 5);
    const early = await describeIt(world);
    expect(early.desired).toBe(5);
    expect(early.servers.filter(({ lifecycle }) => lifecycle === 'ready')).toHaveLength(3);
    await world.advance(240);
    const late = await describeIt(world);
    expect(late.servers.filter(({ lifecycle }) => lifecycle === 'ready')).toHaveLength(5);
  });

  it('terminate what is too much', async () => {
    const world = await running(tested());
    await setDesired(world, 1);
    await world.advance(600);
    expect((await describeIt(world)).servers).toHaveLength(1);
  });

  it('say that a group does not exist', async () => {
    const refused = tested().ports.groups.setDesired('nowhere', 1, await describeIt(await running(tested())));
    await expect(refused).rejects.toMatchObject({ code: 'NotFound', transient: false });
  });
});

capacityContract('A minimum and a maximum', ['bounds'], (tested) => {
  it('are told', async () => {
    expect(await describeIt(await running(tested()))).toMatchObject({ minSize: 1, maxSize: 6 });
  });

  it.each([0, 7])('refuse %i servers, which is out of bounds', async (desired) => {
    const world = await running(tested());
    const refused = setDesired(world, desired);
    await expect(refused).rejects.toMatchObject({ code: 'OutOfBounds', transient: false });
    expect((await describeIt(world)).desired).toBe(3);
  });
});

capacityContract('A compare-and-set', ['compareAndSet'], (tested) => {
  it('refuses what was decided on an older look, and takes what was decided on a newer', async () => {
    const world = await running(tested());
    const seen = await describeIt(world);
    await world.ports.groups.setDesired('business', 4, seen);
    const refused = world.ports.groups.setDesired('business', 2, seen);
    await expect(refused).rejects.toMatchObject({ code: 'Changed', transient: true });
    expect((await describeIt(world)).desired).toBe(4);
    await setDesired(world, 2);
    expect((await describeIt(world)).desired).toBe(2);
  });
});

capacityContract('Suspension', ['suspensions'], (tested) => {
  it('launch nothing while launching is suspended', async () => {
    const world = await running(tested());
    await world.suspend('business', 'launching');
    await setDesired(world, 5);
    await world.advance(240);
    const { suspended, servers } = await describeIt(world);
    expect(suspended).toEqual(['launching']);
    expect(servers).toHaveLength(3);
  });
});

capacityContract('Protection', ['protect'], (tested) => {
  it('keep protected servers while others go', async () => {
    const world = await running(tested());
    const [first, second] = (await describeIt(world)).servers;
    await world.ports.protect!.protect('business', [first!.id, second!.id], true);
    await setDesired(world, 1);
    await world.advance(600);
    const left = (await describeIt(world)).servers;
    expect(left.map(({ id }) => id).toSorted()).toEqual([first!.id, second!.id].toSorted());
  });
});

capacityContract('The replacement of unhealthy servers', ['replaceUnhealthy'], (tested) => {
  it('stop replacing unhealthy servers, and replace them again', async () => {
    const world = await running(tested());
    await world.ports.replaceUnhealthy!.replaceUnhealthy('business', false);
    expect((await describeIt(world)).suspended).toEqual(['replacing']);
    await world.ports.replaceUnhealthy!.replaceUnhealthy('business', true);
    expect((await describeIt(world)).suspended).toEqual([]);
  });
});

capacityContract('Adoption', ['adopt'], (tested) => {
  it('attach a server, which raises desired', async () => {
    const world = await running(tested());
    const id = await world.makeServer();
    await world.ports.adopt!.attach('business', [id]);
    const { desired, servers } = await describeIt(world);
    expect(desired).toBe(4);
    expect(servers.map((server) => server.id)).toContain(id);
  });

  it('attach a server once, however often they are asked to', async () => {
    const world = await running(tested());
    const id = await world.makeServer();
    await world.ports.adopt!.attach('business', [id]);
    await world.ports.adopt!.attach('business', [id]);
    expect((await describeIt(world)).desired).toBe(4);
  });

  it('attach no more than maxSize', async () => {
    const world = await running(tested());
    await setDesired(world, 6);
    await world.advance(240);
    const id = await world.makeServer();
    await expect(world.ports.adopt!.attach('business', [id])).rejects.toMatchObject({ code: 'OutOfBounds' });
  });

  it('detach a server without a replacement, which lowers desired', async () => {
    const world = await running(tested());
    const [first] = (await describeIt(world)).servers;
    await world.ports.adopt!.detach('business', [first!.id]);
    await world.advance(240);
    const { desired, servers } = await describeIt(world);
    expect(desired).toBe(2);
    expect(servers.map(({ id }) => id)).not.toContain(first!.id);
  });

  it('detach no more than minSize leaves', async () => {
    const world = tested();
    await world.makeGroup({ ...business, minSize: 3 });
    await world.advance(240);
    const [first] = (await describeIt(world)).servers;
    const detaching = world.ports.adopt!.detach('business', [first!.id]);
    await expect(detaching).rejects.toMatchObject({ code: 'OutOfBounds' });
    expect((await describeIt(world)).desired).toBe(3);
  });
});

capacityContract('Adoption where a server that is lost is replaced', ['adopt', 'replaces'], (tested) => {
  it('detach, let go and protect nobody where one of several is on its way out or gone', async () => {
    const world = await running(tested());
    const [killed, other] = (await describeIt(world)).servers;
    const both = [other!.id, killed!.id];
    await world.kill('business', killed!.id);
    const { adopt, protect } = world.ports;
    const areRefused = async () => {
      const refusal = { code: 'Invalid', transient: false };
      await expect(protect!.protect('business', both, true)).rejects.toMatchObject(refusal);
      await expect(adopt!.detach('business', both)).rejects.toMatchObject(refusal);
      await expect(adopt!.detachBeforeDelete('business', both)).rejects.toMatchObject(refusal);
    };
    await untilLeaving(world, killed!.id);
    await areRefused();
    await world.advance(600);
    await areRefused();
    const { desired, servers } = await describeIt(world);
    expect(desired).toBe(3);
    expect(servers.find(({ id }) => id === other!.id)).toMatchObject({ protectedFromScaleIn: false });
    await adopt!.detach('business', [other!.id]);
    expect((await describeIt(world)).desired).toBe(2);
  });
});

capacityContract('The end of a group', ['adopt', 'suspensions'], (tested) => {
  it('let a server go though desired is at the minimum, and launch none in its place', async () => {
    const world = tested();
    await world.makeGroup({ ...business, desired: 1 });
    await world.advance(240);
    const [first] = (await describeIt(world)).servers;
    await world.ports.adopt!.detachBeforeDelete('business', [first!.id]);
    await world.advance(240);
    const { servers, suspended } = await describeIt(world);
    expect(servers).toEqual([]);
    expect(suspended).toEqual(['launching']);
  });
});

capacityContract('Health', ['health'], (tested) => {
  it('count a server as healthy only when its load balancer does', async () => {
    const world = tested();
    await world.makeGroup({ ...business, loadBalancer: true });
    expect(await world.ports.health!.healthy(await describeIt(world))).toEqual(new Set());
    await world.advance(300);
    const ids = (await describeIt(world)).servers.map(({ id }) => id);
    expect(await world.ports.health!.healthy(await describeIt(world))).toEqual(new Set(ids));
  });
});

capacityContract('Refreshes', ['refresh'], (tested) => {
  it('are none where there was none', async () => {
    const { ports } = await running(tested());
    expect(await ports.refresh!.instanceRefresh('business')).toBeNull();
  });
});

capacityContract('Failures of launches', ['launchFailures'], (tested) => {
  it('are none where there was none', async () => {
    const { ports } = await running(tested());
    expect(await ports.launchFailures!.launchFailure('business', 0)).toBeNull();
  });

  it('tell why a launch failed', async () => {
    const world = await running(tested());
    const before = world.now();
    world.refuseLaunches();
    await setDesired(world, 4);
    await world.advance(60);
    const failure = await world.ports.launchFailures!.launchFailure('business', before);
    expect(failure).toMatchObject({ kind: 'capacity' });
    expect(failure!.at).toBeGreaterThanOrEqual(before);
    expect(await world.ports.launchFailures!.launchFailure('business', world.now() + 1)).toBeNull();
  });
});

capacityContract('Losses', ['losses'], (tested) => {
  it('name the server that somebody has terminated, and when', async () => {
    const world = await running(tested());
    const before = world.now();
    const [killed] = (await describeIt(world)).servers;
    await world.kill('business', killed!.id);
    await world.advance(60);
    const lost = await world.ports.losses!.losses('business', before);
    expect(lost).toMatchObject([{ server: killed!.id, cause: 'terminated' }]);
    expect(lost[0]!.at).toBeGreaterThanOrEqual(before);
    expect(lost[0]!.message).not.toBe('');
    expect(await world.ports.losses!.losses('business', world.now() + 1)).toEqual([]);
  });

  it('are none where fewer were desired', async () => {
    const world = await running(tested());
    const before = world.now();
    await setDesired(world, 2);
    await world.advance(300);
    expect((await describeIt(world)).servers).toHaveLength(2);
    expect(await world.ports.losses!.losses('business', before)).toEqual([]);
  });
});

capacityContract('Groups of EC2 Auto Scaling', ['adopt', 'suspensions'], (tested) => {
  it('adopt servers once their stack can let them go', async () => {
    const world = tested();
    await world.makeGroup({ ...business, deploying: true });
    expect((await describeIt(world)).deploying).toBe(true);
    await world.ports.adopt!.allowAdoption('business');
    expect((await describeIt(world)).deploying).toBeUndefined();
  });
});
