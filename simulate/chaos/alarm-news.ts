import type { AlarmValue } from '../../shared/domain/observation.ts';
import type { Draw } from './dice.ts';
import type { Transition } from './measurements.ts';

interface Named {
  readonly alarmName: string;
  readonly state: { readonly value: AlarmValue; readonly timestamp: string };
}

/** In which envelopes the news of an alarm comes: straight from CloudWatch, by EventBridge, by SNS. */
export type AlarmNews =
  | { readonly alarmData: Named }
  | { readonly detail: Named }
  | { readonly Records: readonly [{ readonly Sns: { readonly Message: string } }] };

/** An alarm's news in one of the three envelopes. */
export function inEnvelope({ alarm, value, since }: Transition, draw: Draw): AlarmNews {
  const at = new Date(since).toISOString();
  const named = { alarmName: alarm, state: { value, timestamp: at } };
  const message = { AlarmName: alarm, NewStateValue: value, StateChangeTime: at.replace('Z', '+0000') };
  return draw.of<AlarmNews>([
    { alarmData: named },
    { detail: named },
    { Records: [{ Sns: { Message: JSON.stringify(message) } }] },
  ]);
}

/** What the news says, in whichever envelope it has come. */
export function openedNews(news: AlarmNews): Transition {
  if ('Records' in news) {
    const {
      AlarmName: alarm,
      NewStateValue: value,
      StateChangeTime: at,
    } = JSON.parse(news.Records[0].Sns.Message);
    return { alarm, value, since: Date.parse(at.replace('+0000', 'Z')) };
  }
  const { alarmName: alarm, state } = 'alarmData' in news ? news.alarmData : news.detail;
  return { alarm, value: state.value, since: Date.parse(state.timestamp) };
}
