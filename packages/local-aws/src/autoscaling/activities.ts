import type { Activity } from '@aws-sdk/client-auto-scaling';
import { type CloudContext, emit } from '../cloud-context.ts';
import type { Group, Member } from './group.ts';

/** A group remembers this many activities; AWS keeps six weeks of them. */
const remembered = 2000;

type Direction = 'Launch' | 'Terminate';

/** Writes scaling activities, and sends EventBridge how they ended. */
export class ActivityLog {
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  begin(group: Group, Description: string, Cause: string): Activity {
    const activity: Activity = {
      ActivityId: this.#cloud.ids.uuid(),
      AutoScalingGroupName: group.name,
      AutoScalingGroupARN: group.arn,
      Description,
      Cause,
      StartTime: new Date(this.#cloud.eventQueue.now()),
      StatusCode: 'InProgress',
      Progress: 0,
      Details: '{}',
    };
    group.activities.push(activity);
    if (group.activities.length > remembered) group.activities.shift();
    return activity;
  }

  progress(
    activity: Activity | undefined,
    status: NonNullable<Activity['StatusCode']>,
    progress: number,
  ): void {
    if (!activity || activity.EndTime) return;
    activity.StatusCode = status;
    activity.Progress = progress;
  }

  end(
    group: Group,
    activity: Activity | undefined,
    status: 'Successful' | 'Failed' | 'Cancelled',
    message?: string,
  ): void {
    if (!activity || activity.EndTime) return;
    activity.StatusCode = status;
    activity.Progress = 100;
    activity.EndTime = new Date(this.#cloud.eventQueue.now());
    if (message) activity.StatusMessage = message;
    group.lastActivityEnd = this.#cloud.eventQueue.now();
  }

  /** "EC2 Instance Launch Successful" and its three siblings. */
  announce(
    group: Group,
    direction: Direction,
    outcome: 'Successful' | 'Unsuccessful',
    member: Member | undefined,
    activity: Activity | undefined,
  ): void {
    const { region, account, eventQueue } = this.#cloud;
    const instanceArn = member ? [`arn:aws:ec2:${region}:${account}:instance/${member.instanceId}`] : [];
    emit(this.#cloud, {
      source: 'aws.autoscaling',
      detailType: `EC2 Instance ${direction} ${outcome}`,
      resources: [group.arn, ...instanceArn],
      detail: {
        StatusCode: outcome === 'Successful' ? 'InProgress' : 'Failed',
        Description: activity?.Description ?? '',
        AutoScalingGroupName: group.name,
        ActivityId: activity?.ActivityId ?? '',
        Details: JSON.parse(activity?.Details ?? '{}'),
        RequestId: activity?.ActivityId ?? '',
        StatusMessage: activity?.StatusMessage ?? '',
        StartTime: (activity?.StartTime ?? new Date(eventQueue.now())).toISOString(),
        EndTime: new Date(eventQueue.now()).toISOString(),
        EC2InstanceId: member?.instanceId ?? '',
        Cause: activity?.Cause ?? '',
        Origin: direction === 'Launch' ? 'EC2' : 'AutoScalingGroup',
        Destination: direction === 'Launch' ? 'AutoScalingGroup' : 'EC2',
      },
    });
  }
}
