import { expect, it } from 'vitest';
import type { ActivityJson } from '../../shared/ports/activity-json.ts';
import type { Notice } from '../../shared/ports/events.ts';
import { english } from '../../shared/sentences/en.ts';
import { contract } from './contract.ts';
import { start } from './implementation.ts';

function notice(number: number, forPeople: boolean): Notice {
  const activity: ActivityJson = {
    activityId: `business-${number}`,
    group: 'business',
    startedAt: new Date(start).toISOString(),
    endedAt: new Date(start + 1000).toISOString(),
    from: 3,
    to: 5,
    trigger: 'schedule',
    reason: 'WindowOpened',
    why: { key: 'windowOpened', window: 'lunch', added: 2 },
    message: 'business 3 -> 5',
    statusCode: 'Successful',
  };
  return {
    group: 'business',
    at: start,
    forPeople,
    subject: `[lunch] business 3 -> ${number}`,
    message: 'why',
    activity,
  };
}

contract('The events', (tested) => {
  it('carry the documented, versioned detail', async () => {
    const world = tested();
    await world.ports.events.publish([notice(1, false)]);
    expect(await world.events()).toEqual([
      {
        version: '1',
        fleet: 'lunch',
        group: 'business',
        activity: {
          activityId: 'business-1',
          group: 'business',
          startedAt: '2026-03-04T00:00:00.000Z',
          endedAt: '2026-03-04T00:00:01.000Z',
          from: 3,
          to: 5,
          trigger: 'schedule',
          reason: 'WindowOpened',
          why: { key: 'windowOpened', window: 'lunch', added: 2 },
          message: 'business 3 -> 5',
          statusCode: 'Successful',
        },
      },
    ]);
  });

  it('tell people only what is for people', async () => {
    const world = tested();
    await world.ports.events.publish([notice(1, true), notice(2, false)]);
    await world.ports.events.sendMail(world.now(), english.frames);
    expect(await world.mails()).toEqual(['[lunch] business 3 -> 1']);
  });

  it('tell people of all that has gathered in one mail, and of what has failed first', async () => {
    const world = tested();
    await world.ports.events.publish([notice(1, true), notice(2, true)]);
    await world.ports.events.publish([{ ...notice(3, true), urgent: true }]);
    await world.ports.events.sendMail(world.now(), english.frames);
    expect(await world.mails()).toEqual(['[lunch] business 3 -> 3 (+2 more)']);
  });

  it('send at most one mail in a minute, and nothing is lost by that', async () => {
    const world = tested();
    await world.ports.events.publish([notice(1, true)]);
    await world.ports.events.sendMail(world.now(), english.frames);
    await world.ports.events.publish([notice(2, true)]);
    await world.ports.events.sendMail(world.now(), english.frames);
    expect(await world.mails()).toHaveLength(1);
    await world.advance(60);
    await world.ports.events.sendMail(world.now(), english.frames);
    await world.ports.events.sendMail(world.now() + 60_000, english.frames);
    expect(await world.mails()).toEqual(['[lunch] business 3 -> 1', '[lunch] business 3 -> 2']);
  });

  it('are told of twice by whoever tries again, and people hear of them once', async () => {
    const world = tested();
    await world.ports.events.publish([notice(1, true)]);
    await world.ports.events.publish([notice(1, true)]);
    await world.ports.events.sendMail(world.now(), english.frames);
    expect(await world.mails()).toEqual(['[lunch] business 3 -> 1']);
  });

  it('take more than one request can hold', async () => {
    const world = tested();
    await world.ports.events.publish(Array.from({ length: 12 }, (_, index) => notice(index, false)));
    const heard = [...(await world.events()), ...(await world.events())];
    expect(heard.length).toBeGreaterThanOrEqual(12);
  });
});
