import { describe, expect, it } from 'vitest';
import { exampleFleet, synthesize } from '../kit/synthesis.ts';

const foreseeing = `
name: shop
groups:
  web: { existing: web, minSize: 1, maxSize: 9, objective: { unserved: 0.1% } }
`;

describe('learning', () => {
  it('is called every hour, when the last minutes of the hour are published', () => {
    const scaler = synthesize(foreseeing).template('shop-scaler');
    scaler.hasResourceProperties('AWS::Scheduler::Schedule', {
      Name: 'shop-learn',
      ScheduleExpression: 'cron(10 * * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('is not called for a fleet that asks for no forecast', () => {
    const schedules = synthesize(exampleFleet)
      .template('lunch-scaler')
      .findResources('AWS::Scheduler::Schedule');
    expect(Object.values(schedules).map(({ Properties }) => Properties.Name)).toEqual(['lunch-sweep']);
  });

  it('may read metrics and its own table, and act on nothing', () => {
    const scaler = synthesize(foreseeing).template('shop-scaler');
    const policies = Object.values(scaler.findResources('AWS::IAM::Policy'));
    const own = policies.find(({ Properties }) => JSON.stringify(Properties.Roles).includes('learnrole'))!;
    const actions = own.Properties.PolicyDocument.Statement.flatMap(
      ({ Action }: { Action: string | string[] }) => Action,
    );
    expect(actions).toContain('cloudwatch:GetMetricData');
    expect(actions).toContain('dynamodb:PutItem');
    expect(actions.filter((each: string) => /^autoscaling:(?!Describe)|^events:|^sns:/.test(each))).toEqual(
      [],
    );
  });
});
