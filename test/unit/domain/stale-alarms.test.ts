import { expect, it } from 'vitest';
import { explain } from '../../../shared/domain/explain.ts';
import { explanationInEnglish } from '../../kit/in-english.ts';
import { LoneGroup, noon } from '../../kit/lone-group.ts';

const busy = {
  metric: 'requestsPerSecond',
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 400,
  period: 60,
  evaluationPeriods: 2,
  scalingAdjustment: 2,
};

function moved(): LoneGroup {
  const loadBalancer = { scheme: 'internal', protocol: 'HTTP', port: 80 };
  const lone = new LoneGroup({ minSize: 2, maxSize: 10, alarms: { busy }, loadBalancer }, 2);
  lone.look();
  lone.alarms = { busy: { value: 'INSUFFICIENT_DATA', since: noon, watches: 'app/old/1' } };
  lone.others = { ...lone.others, standsBehind: 'app/new/2' };
  return lone;
}

it('tells people once that alarms watch a load balancer which the target group has left, and once when they do no more', () => {
  const lone = moved();
  const [told] = lone.settle();
  expect(told).toMatchObject({
    reason: 'AlarmsStale',
    message:
      'business: busy watches a load balancer that the target group has left for app/new/2: name it in the fleet file and deploy',
    activities: [{ statusCode: 'Failed' }],
  });
  lone.pass(60);
  expect(lone.decide().reason).not.toBe('AlarmsStale');
  lone.alarms = { busy: { value: 'OK', since: noon, watches: 'app/new/2' } };
  expect(lone.decide()).toMatchObject({
    reason: 'AlarmsStale',
    message: 'business: its alarms watch its load balancer again',
  });
});

it('says so in what explain tells of the rule', () => {
  const lone = moved();
  const explanation = explain(lone.policy, lone.ledger!, lone.observation, lone.now)!;
  const { rules } = explanationInEnglish(explanation, lone.now);
  expect(rules[0]).toMatchObject({
    state: 'unknown',
    message:
      'busy watches app/old/1, but the target group stands behind app/new/2 now: the alarm gets no data',
  });
});

it('tells nothing while nobody knows where the target group stands', () => {
  const lone = moved();
  lone.others = { ...lone.others, standsBehind: undefined };
  expect(lone.decide().reason).not.toBe('AlarmsStale');
});
