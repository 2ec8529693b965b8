import { describe, expect, it } from 'vitest';
import { handle } from '../../../functions/on-alarm.ts';
import { inEnglish } from '../../kit/in-english.ts';
import { metStage } from './fleet.ts';

const alarmName = 'lunch-business-cpu-high';
const timestamp = '2026-03-04T01:59:50.123+0000';

const lambdaAction = {
  source: 'aws.cloudwatch',
  alarmArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`,
  accountId: '123456789012',
  time: timestamp,
  region: 'us-east-1',
  alarmData: {
    alarmName,
    state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
    previousState: { value: 'OK', timestamp: '2026-03-04T01:00:00.000+0000' },
    configuration: { metrics: [] },
  },
};

const snsMessage = {
  Records: [
    {
      EventSource: 'aws:sns',
      Sns: {
        MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
        Message: JSON.stringify({ AlarmName: alarmName, NewStateValue: 'ALARM', StateChangeTime: timestamp }),
      },
    },
  ],
};

const eventBridgeEvent = {
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  time: '2026-03-04T01:59:50Z',
  detail: { alarmName, state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp } },
};

describe('on-alarm', () => {
  it.each([
    ['a Lambda action', lambdaAction],
    ['an SNS message', snsMessage],
    ['an EventBridge event', eventBridgeEvent],
  ])('scales out on %s', async (_, event) => {
    const stage = await metStage();
    const answer = await handle(event, stage.scaler);
    expect(answer.decisions[0]).toMatchObject({ from: 2, to: 4, reason: 'AlarmScaleOut' });
  });

  it.each([
    [
      'a Lambda action',
      lambdaAction,
      (state: object) => ({ alarmData: { ...lambdaAction.alarmData, state } }),
    ],
    ['an EventBridge event', eventBridgeEvent, (state: object) => ({ detail: { alarmName, state } })],
  ])('says the datapoint that %s names', async (_, event, withState) => {
    const stage = await metStage();
    const reasonData = JSON.stringify({ evaluatedDatapoints: [{ timestamp, value: 99.754 }] });
    const state = { value: 'ALARM', reason: 'Threshold Crossed', reasonData, timestamp };
    await handle({ ...event, ...withState(state) }, stage.scaler);
    expect(inEnglish(stage.history('business').at(-1)!.why)).toBe("alarm 'cpu-high', cpu 99.75 (+2)");
  });

  it('scales out once when all three envelopes bring the same news', async () => {
    const stage = await metStage();
    for (const event of [lambdaAction, snsMessage, eventBridgeEvent]) await handle(event, stage.scaler);
    expect(stage.changes('business')).toEqual(['2 → 4 AlarmScaleOut']);
  });

  it('refuses news from the future, which would silence all that comes after it', async () => {
    const stage = await metStage();
    const state = { value: 'ALARM', timestamp: '2099-03-04T01:59:50Z' };
    const event = { alarmData: { alarmName, state } };
    await expect(handle(event, stage.scaler)).rejects.toThrow('timestamp: expected the time of a change');
    expect(stage.desired('business')).toBe(2);
  });

  it('answers the contributors of a Metrics Insights alarm once, though each of them notifies', async () => {
    const stage = await metStage();
    for (const id of ['i-1', 'i-2', 'i-3']) {
      const alarmContributor = { id, attributes: { InstanceId: id } };
      const { state } = eventBridgeEvent.detail;
      const detail = { alarmName, alarmContributor, state };
      await handle(
        { ...eventBridgeEvent, id, 'detail-type': 'CloudWatch Alarm Contributor State Change', detail },
        stage.scaler,
      );
    }
    expect(stage.changes('business')).toEqual(['2 → 4 AlarmScaleOut']);
  });

  it('answers an episode of a fleet total once, though CloudWatch dates it a moment later than its event', async () => {
    const stage = await metStage();
    const state = { value: 'ALARM', timestamp: '2026-03-04T01:59:59.900+0000' };
    await handle({ alarmData: { alarmName: 'lunch-business-orders-high', state } }, stage.scaler);
    stage.alarm('business', 'orders-high', 'ALARM');
    await stage.playUntil('2026-03-04T02:30:00Z');
    expect(stage.changes('business')).toEqual(['2 → 3 AlarmScaleOut']);
  });

  it('does nothing on the news that all is well', async () => {
    const stage = await metStage();
    const detail = { alarmName, state: { value: 'OK', timestamp } };
    await handle({ ...eventBridgeEvent, detail }, stage.scaler);
    expect(stage.changes('business')).toEqual([]);
  });

  it('refuses an alarm that is none of the fleet', async () => {
    const stage = await metStage();
    const detail = { alarmName: 'somebody-elses', state: { value: 'ALARM', timestamp } };
    await expect(handle({ ...eventBridgeEvent, detail }, stage.scaler)).rejects.toThrow(
      'alarmName: expected an alarm of this fleet',
    );
  });

  it.each([
    ['nothing', undefined, '(event): expected an alarm'],
    ['text', 'ALARM', '(event): expected an alarm'],
    ['another event', { Records: [] }, 'Records: expected one message'],
    ['a message that is no JSON', { Records: [{ Sns: { Message: '<xml/>' } }] }, 'Message: expected JSON'],
    ['no state', { alarmData: { alarmName } }, 'alarmData.state: expected the state of an alarm'],
    [
      'a state that there is not',
      { detail: { alarmName, state: { value: 'PANIC', timestamp } } },
      'detail.state.value: expected OK, ALARM or INSUFFICIENT_DATA',
    ],
    [
      'a time outside any calendar',
      { detail: { alarmName, state: { value: 'ALARM', timestamp: '2026-13-45T99:00:00Z' } } },
      'detail.state.timestamp: expected an instant',
    ],
  ])('refuses %s, says why, and changes nothing', async (_, event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.scaler)).rejects.toThrow(complaint);
    expect(stage.changes('business')).toEqual([]);
  });
});

describe('servers that their load balancer finds unhealthy', () => {
  const told = async (value: string, before: string) => {
    const stage = await metStage();
    const count = stage.ports.events.published.length;
    const state = { value, reason: 'Threshold Crossed', timestamp };
    const alarmData = {
      ...lambdaAction.alarmData,
      alarmName: 'lunch-business-unhealthy-servers',
      state,
      previousState: { value: before, timestamp: '2026-03-04T01:00:00.000+0000' },
    };
    await handle({ ...lambdaAction, alarmData }, stage.scaler);
    return stage.ports.events.published.slice(count).map(({ subject }) => subject);
  };

  it('are told to people, and that it is over', async () => {
    expect(await told('ALARM', 'OK')).toEqual([
      '[lunch] business: a server does not pass the health checks of its load balancer',
    ]);
    expect(await told('OK', 'ALARM')).toEqual([
      '[lunch] business: all servers pass the health checks of their load balancer again',
    ]);
  });

  it('are no news when their alarm has just been made', async () => {
    expect(await told('OK', 'INSUFFICIENT_DATA')).toEqual([]);
  });
});
