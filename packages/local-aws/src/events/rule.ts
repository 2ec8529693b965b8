import type { Target } from '@aws-sdk/client-eventbridge';
import type { Pattern } from './pattern.ts';

export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly busName: string;
  description: string | undefined;
  enabled: boolean;
  roleArn: string | undefined;
  eventPattern: { readonly text: string; readonly pattern: Pattern } | undefined;
  scheduleExpression: string | undefined;
  readonly targets: Map<string, Target>;
  /** Takes the next scheduled event off the event queue. */
  cancel: (() => void) | undefined;
}

/** An event as rules match it and targets get it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO-8601, whole seconds */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}
