import type { CloudContext } from '../cloud-context.ts';
import { type Instant, ServiceError } from '../service.ts';
import type { Group, Member } from './group.ts';

/** Every scaling group of the account, and the one way in which desired capacity changes. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #cloud: CloudContext;
  readonly #onChange: (group: Group) => void;

  /** `onChange` hears that a group may have to launch or terminate. */
  constructor(cloud: CloudContext, onChange: (group: Group) => void) {
    this.#cloud = cloud;
    this.#onChange = onChange;
  }

  all(): Group[] {
    return [...this.#groups.values()];
  }

  find(name: string | undefined): Group | undefined {
    return name === undefined ? undefined : this.#groups.get(name);
  }

  /** @throws ServiceError ValidationError, as Auto Scaling says that there is no such group */
  get(name: string | undefined): Group {
    const group = this.find(name);
    if (!group) throw validation('AutoScalingGroup name not found - null');
    return group;
  }

  add(group: Group): void {
    if (this.#groups.has(group.name))
      throw new ServiceError(
        'AlreadyExists',
        `AutoScalingGroup by this name already exists - A group with the name ${group.name} already exists`,
      );
    this.#groups.set(group.name, group);
    this.#onChange(group);
  }

  remove(name: string): void {
    this.#groups.delete(name);
  }

  /** The group that an instance is in. */
  groupOf(instanceId: string): Group | undefined {
    for (const group of this.#groups.values()) if (group.members.has(instanceId)) return group;
    return undefined;
  }

  /** @throws ServiceError ValidationError for an instance that is in no group */
  memberOf(instanceId: string, of?: Group): { group: Group; member: Member } {
    const group = of ?? this.groupOf(instanceId);
    const member = group?.members.get(instanceId);
    if (group && member) return { group, member };
    throw validation(
      of
        ? `The instance ${instanceId} is not part of Auto Scaling group ${of.name}.`
        : `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
    );
  }

  /** Changes desired for a reason, which the activities that follow repeat. */
  changeDesired(group: Group, desired: number, why: string): void {
    if (desired !== group.desired) {
      group.cause = `At ${instant(this.#cloud.eventQueue.now())} ${why} changing the desired capacity from ${group.desired} to ${desired}.`;
      group.desired = desired;
    }
    this.#onChange(group);
  }

  /** Sets the sizes and lets desired follow: it never stays outside them. */
  changeSizes(group: Group, minSize: number, maxSize: number, desired: number | undefined): void {
    assertSizes(minSize, maxSize, desired);
    group.minSize = minSize;
    group.maxSize = maxSize;
    const next = desired ?? Math.min(Math.max(group.desired, minSize), maxSize);
    this.changeDesired(
      group,
      next,
      `a user request update of AutoScalingGroup constraints to min: ${minSize}, max: ${maxSize}, desired: ${next}`,
    );
  }
}

/** @throws ServiceError ValidationError */
export function assertSizes(minSize: number, maxSize: number, desired: number | undefined): void {
  if (minSize < 0 || maxSize < 0) throw validation('Sizes must not be negative');
  if (minSize > maxSize)
    throw validation(`Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`);
  if (desired !== undefined && (desired < minSize || desired > maxSize))
    throw validation(
      `Desired capacity:${desired} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
}

/** @throws ServiceError ScalingActivityInProgress while an activity is under way, or the last one ended less than `seconds` ago */
export function assertCooledDown(group: Group, now: Instant, seconds: number): void {
  const busy = group.activities.find((activity) => activity.EndTime === undefined);
  const cooling = now < group.lastActivityEnd + seconds * 1000;
  if (!busy && !cooling) return;
  const id = (busy ?? group.activities.at(-1))?.ActivityId;
  throw new ServiceError(
    'ScalingActivityInProgress',
    `Scaling activity ${id} is in progress and blocks this action`,
  );
}

export function validation(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** Causes and reasons write instants to the second. */
export function instant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
