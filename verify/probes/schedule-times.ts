import { CreateScheduleCommand, CreateScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import type { Bench } from '../bench.ts';
import { Differs } from '../differs.ts';
import type { Probe } from '../probe.ts';
import { makeQueue, type Queue, takeMessage } from '../queue.ts';
import { makeRole } from '../role.ts';

const minuteMs = 60_000;
const zone = 'Asia/Shanghai';
const refusal = 'ValidationException';

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html: the zone, and 60 seconds of precision; of the past it says nothing */
export const scheduleTimes: Probe = {
  name: 'schedule-times',
  fact: 'A single time is read in the schedule’s time zone and fires within its minute; one that is past never fires',
  creates: 'a schedule group with two schedules, a queue, a role',
  cents: 1,
  run: async (bench) => {
    const queue = await makeQueue(bench, 'schedule');
    const statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue.arn } as const;
    const role = await makeRole(bench, 'schedule', { Service: 'scheduler.amazonaws.com' }, statement);
    const GroupName = bench.name('schedule');
    await bench.clients.scheduler.send(
      new CreateScheduleGroupCommand({ Name: GroupName, Tags: bench.tagList }),
    );
    const schedule = { GroupName, queue, role };
    const now = await bench.now();
    const past = await makePast(bench, { ...schedule, name: 'past', at: now - 60 * minuteMs });
    const due = Math.floor(now / minuteMs) * minuteMs + 2 * minuteMs;
    await makeOne(bench, { ...schedule, name: 'due', at: due });
    const first = await bench.eventually('a call by the schedule', 300, () => takeMessage(bench, queue));
    const arrived = await bench.now();
    if (first !== 'due') throw new Differs(`the schedule that is past fired: saw its message "${first}"`);
    if (arrived < due) throw new Differs(`it fired ${(due - arrived) / 1000} seconds early`);
    await nothingMore(bench, queue, due + 2 * minuteMs);
    const after = Math.round((arrived - due) / 1000);
    return `${zone} was kept, the message seen ${after} s after its minute began; the one that is past was ${past}, and did not fire`;
  },
};

interface One {
  readonly GroupName: string;
  readonly name: string;
  readonly at: number;
  readonly queue: Queue;
  readonly role: string;
}

async function makeOne(bench: Bench, { GroupName, name, at, queue, role }: One): Promise<void> {
  const command = new CreateScheduleCommand({
    GroupName,
    Name: bench.name(name),
    ScheduleExpression: `at(${wallTime(at)})`,
    ScheduleExpressionTimezone: zone,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: queue.arn, RoleArn: role, Input: name },
  });
  await bench.persist(60, /execution role you provide must allow/, () =>
    bench.clients.scheduler.send(command),
  );
}

/** The documentation leaves open which: the product is right under both. */
async function makePast(bench: Bench, one: One): Promise<'refused' | 'accepted'> {
  try {
    await makeOne(bench, one);
    return 'accepted';
  } catch (error) {
    if ((error as Error).name !== refusal) throw error;
    return 'refused';
  }
}

async function nothingMore(bench: Bench, queue: Queue, until: number): Promise<void> {
  const message = await bench.eventually('the minutes after', 600, async () => {
    const more = await takeMessage(bench, queue);
    return more ?? ((await bench.now()) > until && '');
  });
  if (message !== '') throw new Differs(`expected one message, saw another: "${message}"`);
}

/** `2026-03-04T11:00:00`, as the zone's clocks show it. */
function wallTime(at: number): string {
  const inZone = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return inZone.format(at).replace(' ', 'T');
}
