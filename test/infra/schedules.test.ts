import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { exampleFleet, plainGroup, synthesize } from '../kit/synthesis.ts';

const example = synthesize(exampleFleet);
const business = example.template('lunch-business');

it('each edge of a window calls the function at its local time, in its own time zone', () => {
  business.hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'lunch-business-lunch-start',
    ScheduleExpression: 'cron(0 11 * * ? *)',
    ScheduleExpressionTimezone: 'Asia/Shanghai',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: { 'Fn::ImportValue': Match.stringLikeRegexp('onschedule') } },
  });
  business.hasResourceProperties('AWS::Scheduler::Schedule', {
    Name: 'lunch-business-lunch-end',
    ScheduleExpression: 'cron(0 13 * * ? *)',
  });
});

it('says which edge of which window is due, and when it was', () => {
  const [schedule] = Object.values(
    business.findResources('AWS::Scheduler::Schedule', { Properties: { Name: 'lunch-business-lunch-end' } }),
  );
  expect(JSON.parse(schedule!.Properties.Target.Input)).toEqual({
    group: 'business',
    window: 'lunch',
    edge: 'end',
    at: '<aws.scheduler.scheduled-time>',
  });
});

it('leaves an event that cannot be delivered in the dead-letter queue, before it is stale', () => {
  for (const { Properties } of Object.values(business.findResources('AWS::Scheduler::Schedule'))) {
    expect(Properties.Target.DeadLetterConfig.Arn).toBeDefined();
    expect(Properties.Target.RetryPolicy.MaximumEventAgeInSeconds).toBeLessThanOrEqual(900);
  }
});

it('leaves the end of a window that only has a duration to the sweep', () => {
  const window = 'late: { start: "0 23 * * *", duration: 2h, minSize: 2 }';
  const fleet = synthesize(`name: d\ngroups:\n  web:${plainGroup}\n    schedules: { ${window} }\n`);
  const schedules = fleet.template('d-web').findResources('AWS::Scheduler::Schedule');
  expect(Object.values(schedules).map(({ Properties }) => Properties.Name)).toEqual(['d-web-late-start']);
});

it('has no schedule for what is past: a window that was once, or the beginning of one that is open', () => {
  const window = 'sale: { start: "2026-11-10T23:30:00", end: "2026-11-11T02:00:00", minSize: 2 }';
  const yaml = `name: d\ngroups:\n  web:${plainGroup}\n    schedules: { ${window} }\n`;
  const edgesAt = (now: string) => {
    const template = synthesize(yaml, undefined, Date.parse(now)).template('d-web');
    return Object.values(template.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => Properties.Name,
    );
  };
  expect(edgesAt('2026-11-01T00:00:00Z')).toEqual(['d-web-sale-start', 'd-web-sale-end']);
  expect(edgesAt('2026-11-11T00:00:00Z')).toEqual(['d-web-sale-end']);
  expect(edgesAt('2026-11-11T02:00:00Z')).toEqual([]);
});
