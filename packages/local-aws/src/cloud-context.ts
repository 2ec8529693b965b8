import type { Ids } from './ids.ts';
import type { Call, CallService, EventQueue, Principal } from './service.ts';

/** What a service needs of the cloud that it is part of; `Cloud` is one. */
export interface CloudContext {
  readonly eventQueue: EventQueue;
  readonly ids: Ids;
  readonly region: string;
  /** 0: the home region; others of the account are counted from 1. */
  readonly regionNumber: number;
  readonly account: string;
  /** How many functions may run at once in the account. */
  readonly concurrentExecutions: number;
  readonly call: CallService;
  /** Calls of another region of the account; undefined: it was not opened. */
  readonly inRegion: (region: string) => Pick<CloudContext, 'call'> | undefined;
  readonly mayDo: (principal: Principal, action: string) => boolean;
}

/** An event that a service sends to EventBridge. */
export interface ServiceEvent {
  /** `aws.autoscaling` and the like. */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** A service that calls on its own behalf. */
export function servicePrincipal(name: string): Principal {
  return { kind: 'service', arn: `${name}.amazonaws.com` };
}

/** A call that CloudFormation makes on a service that it has let through already. */
export function cloudFormationCall(cloud: CloudContext): Call {
  const now = cloud.eventQueue.now();
  return {
    now,
    sentAt: now,
    principal: servicePrincipal('cloudformation'),
    // Not drawn: how often a resource is looked at depends on the machine, and ids must not.
    requestId: '00000000-0000-0000-0000-000000000000',
  };
}

/** Tells EventBridge, after whatever is being done now is done. */
export function emit(cloud: CloudContext, event: ServiceEvent): void {
  const now = cloud.eventQueue.now();
  const entry = {
    Source: event.source,
    DetailType: event.detailType,
    Resources: event.resources,
    Detail: JSON.stringify(event.detail),
    Time: new Date(now),
  };
  cloud.eventQueue.at(now, `event ${event.detailType}`, async () => {
    await cloud.call('events', 'PutEvents', { Entries: [entry] }, servicePrincipal('events'));
  });
}
