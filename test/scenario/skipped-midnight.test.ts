import { expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

it('opens a window whose start the clocks jump over within a minute of the jump, though no schedule fires', async () => {
  // In Cairo it is 23:59 and then 01:00: on 24 April 2026 there is no midnight.
  const jump = Date.parse('2026-04-23T22:00:00Z');
  await using deployed = new Deployed('2026-04-23T21:50:00Z');
  await deployed.deploy(`name: cairo
timeZone: Africa/Cairo
groups:
  web:
    launch: { imageId: ami-0a1b2c3d4e5f60718, instanceType: c7g.large }
    minSize: 1
    maxSize: 6
    schedules: { all-day: { start: "0 0 24 4 *", end: "0 0 25 4 *", minSize: 3 } }
`);
  const desired = async () => (await deployed.group('cairo-web')).DesiredCapacity;
  await deployed.pass((jump - deployed.now) / 1000 - 1);
  expect(await desired()).toBe(1);
  await deployed.pass(61);
  expect(await desired()).toBe(3);
  await deployed.pass(22 * 3600);
  expect(await desired()).toBe(3);
  // A day of 23 hours later the floor lets go; what it brought leaves with the next looks.
  await deployed.pass(3600);
  expect(await desired()).toBe(1);
});
