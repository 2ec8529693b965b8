import { expect, it } from 'vitest';
import { explain } from '../../../shared/domain/explain.ts';
import { explanationInEnglish } from '../../kit/in-english.ts';
import { noon, Stage } from './stage.ts';

const busy = {
  metric: 'requestsPerSecond',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 400,
  period: 60,
  evaluationPeriods: 2,
  scalingAdjustment: 2,
};

function moved(): Stage {
  const loadBalancer = { scheme: 'internal', protocol: 'HTTP', port: 80 };
  const stage = new Stage({ minSize: 2, maxSize: 10, alarms: { busy }, loadBalancer }, 2);
  stage.look();
  stage.alarms = { busy: { value: 'INSUFFICIENT_DATA', since: noon, watches: 'app/old/1' } };
  stage.others = { ...stage.others, standsBehind: 'app/new/2' };
  return stage;
}

it('tells people once that alarms watch a load balancer which the target group has left, and once when they do no more', () => {
  const stage = moved();
  const [told] = stage.settle();
  expect(told).toMatchObject({
    reason: 'AlarmsStale',
    message:
      'business: busy watches a load balancer that the target group has left for app/new/2: name it in the fleet file and deploy',
    activities: [{ statusCode: 'Failed' }],
  });
  stage.pass(60);
  expect(stage.decide().reason).not.toBe('AlarmsStale');
  stage.alarms = { busy: { value: 'OK', since: noon, watches: 'app/new/2' } };
  expect(stage.decide()).toMatchObject({
    reason: 'AlarmsStale',
    message: 'business: its alarms watch its load balancer again',
  });
});

it('says so in what explain tells of the rule', () => {
  const stage = moved();
  const explanation = explain(stage.policy, stage.ledger!, stage.observation, stage.now)!;
  const { rules } = explanationInEnglish(explanation, stage.now);
  expect(rules[0]).toMatchObject({
    state: 'unknown',
    message:
      'busy watches app/old/1, but the target group stands behind app/new/2 now: the alarm gets no data',
  });
});

it('tells nothing while nobody knows where the target group stands', () => {
  const stage = moved();
  stage.others = { ...stage.others, standsBehind: undefined };
  expect(stage.decide().reason).not.toBe('AlarmsStale');
});
