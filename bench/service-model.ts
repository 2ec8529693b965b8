/** The utilization up to which a server keeps its promise to users. */
export const sloUtilization = 0.8;

/**
 * What all policies see alike: `late`, the newest minute that ended a minute ago, as CloudWatch shows it; `fresh`, the minute that is
 * running, as a cluster's own metrics do.
 */
export type Footing = 'late' | 'fresh';

/** Minutes from one to the minute in which it can be seen. */
export const seenAfterMinutes: Readonly<Record<Footing, number>> = { late: 2, fresh: 0 };

/** What is played: load in full servers (λ ÷ c) for every minute, and how long a launch takes. */
export interface Workload {
  /** Load of each minute ÷ what one server takes in a minute at full load. */
  load: Float64Array;
  bootMinutes: number;
  /** Default: late. */
  footing?: Footing;
}

/** The fleet as a policy may see it when it decides for the minute `now`. */
export interface FleetState {
  /** The minute that begins now. */
  now: number;
  /** The newest minute whose metrics can be seen (see `Footing`); negative: none. */
  visible: number;
  desired: number;
  /** Servers that were launched and do not serve yet. */
  booting: number;
  /** Servers in service, for every minute up to `now`. */
  inService: Int32Array;
}

/** Answers the desired capacity for the minute that begins now; it may look at no minute after it. */
export type Policy = (fleet: FleetState) => number;

/** What happened, minute by minute. */
export interface Run {
  desired: Int32Array;
  inService: Int32Array;
}

/**
 * Plays a policy over a workload. A launch takes `bootMinutes`, terminating is immediate, servers that still boot go
 * first, and there is always at least one server. Billed servers are the desired ones: billing starts at launch.
 */
export function play(workload: Workload, policy: Policy): Run {
  const { load, bootMinutes, footing = 'late' } = workload;
  const delay = seenAfterMinutes[footing];
  const minutes = load.length;
  const run: Run = { desired: new Int32Array(minutes), inService: new Int32Array(minutes) };
  const due = new Int32Array(bootMinutes + 1);
  let serving = Math.max(1, Math.ceil(load[0]! / sloUtilization));
  const fleet: FleetState = {
    now: 0,
    visible: -delay,
    desired: serving,
    booting: 0,
    inService: run.inService,
  };
  for (let now = 0; now < minutes; now++) {
    const slot = now % (bootMinutes + 1);
    serving += due[slot]!;
    fleet.booting -= due[slot]!;
    due[slot] = 0;
    fleet.now = now;
    fleet.visible = now - delay;
    run.inService[now] = serving;
    const to = Math.max(1, policy(fleet));
    const change = to - fleet.desired;
    if (change > 0) {
      if (bootMinutes === 0) serving += change;
      else {
        due[(now + bootMinutes) % (bootMinutes + 1)]! += change;
        fleet.booting += change;
      }
    } else if (change < 0) {
      serving -= cancelLaunches(fleet, due, now, -change);
    }
    fleet.desired = to;
    run.desired[now] = to;
    run.inService[now] = serving;
  }
  return run;
}

/** Cancels up to `count` launches, the newest first; answers how many servers in service must go instead. */
function cancelLaunches(fleet: FleetState, due: Int32Array, now: number, count: number): number {
  let left = count;
  for (let age = 0; age < due.length - 1 && left > 0 && fleet.booting > 0; age++) {
    const slot = (now - age + due.length - 1) % due.length;
    const cancelled = Math.min(left, due[slot]!);
    due[slot]! -= cancelled;
    fleet.booting -= cancelled;
    left -= cancelled;
  }
  return left;
}
