import { expect, it } from 'vitest';
import { contract } from './contract.ts';

contract('The alarms', (tested) => {
  it('tell the value and since when', async () => {
    const world = tested();
    await world.makeAlarm('lunch-business-cpu-high');
    await world.advance(600);
    const since = world.now();
    await world.setAlarm('lunch-business-cpu-high', 'ALARM');
    const found = await world.ports.alarms.describe(['lunch-business-cpu-high']);
    expect(found.get('lunch-business-cpu-high')).toEqual({ value: 'ALARM', since });
  });

  it('leave out alarms that do not exist', async () => {
    const world = tested();
    await world.makeAlarm('there');
    const found = await world.ports.alarms.describe(['there', 'nowhere']);
    expect([...found.keys()]).toEqual(['there']);
  });

  it('read more alarms than one request can hold', async () => {
    const world = tested();
    const names = Array.from({ length: 120 }, (_, index) => `alarm-${index}`);
    for (const name of names) await world.makeAlarm(name);
    expect((await world.ports.alarms.describe(names)).size).toBe(120);
  });
});
