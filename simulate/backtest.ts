import { setImmediate } from 'node:timers/promises';
import type { Activity } from '../shared/domain/activity.ts';
import type { Instant, ScalingGroup } from '../shared/domain/observation.ts';
import { createScaler, type Scaler } from '../shared/engine/scaler.ts';
import { sweep } from '../shared/engine/sweep.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import { leastSize } from '../shared/fleet/least-size.ts';
import { measuredOf } from '../shared/fleet/measured-of.ts';
import { needsLoadBalancer } from '../shared/fleet/metric-query.ts';
import { scalingGroupName } from '../shared/fleet/names.ts';
import type { Capabilities, Capacity } from '../shared/ports/capacity.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Ports } from '../shared/ports/ports.ts';
import { type MemoryPorts, memoryPorts } from '../shared/providers/memory/ports.ts';
import { minuteMs, minutesPerDay } from '../shared/units.ts';
import { GroupPast } from './group-past.ts';
import { onwardForecaster } from './onward-forecaster.ts';
import { SimulatedAlarms } from './simulated-alarms.ts';
import { SimulatedMetrics } from './simulated-metrics.ts';
import { bootingCpuPercent, busyCpuPercent, usedMemoryPercent } from './world/server.ts';

/** A sweep comes a moment after the full minute: data that began after what it finds done begin with the next one. */
const momentMs = 1000;
/** The utilization up to which a server keeps its promise to users; demand above it is unserved. */
export const servedUtilization = 0.8;

/** A fleet and the load of some of its groups, in requests per minute, from `start` on. */
export interface BacktestInput {
  readonly fleet: Fleet;
  readonly start: Instant;
  readonly loads: ReadonlyMap<string, Float64Array>;
  /** Hears after every simulated day how much is done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Who keeps the servers; default: groups of EC2 Auto Scaling, in memory. */
  readonly provider?: ((clock: Clock) => SimulatedProvider) | undefined;
  /** Ends it early: it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A provider of servers that can be looked into, and given groups. */
export interface SimulatedProvider extends Capacity {
  put(group: ScalingGroup): void;
  get(name: string): ScalingGroup;
}

/** One group, minute by minute. */
export interface GroupRun {
  readonly desired: Int32Array;
  readonly inService: Int32Array;
  /** Launched and not yet gone: what is billed. */
  readonly running: Int32Array;
  /** Load ÷ (servers in service × what one carries at full load); above 1 where they did not suffice. */
  readonly utilization: Float64Array;
  /** Servers that the load needs at 80 %; a fraction. */
  readonly needed: Float64Array;
  readonly load: Float64Array;
  /** Requests per minute above 80 % of what the servers carry. */
  readonly unserved: Float64Array;
  readonly activities: readonly Activity[];
}

export type BacktestResult = ReadonlyMap<string, GroupRun>;

interface Backtest {
  readonly input: BacktestInput;
  readonly ports: MemoryPorts;
  readonly groups: SimulatedProvider;
  readonly scaler: Scaler;
  readonly alarms: SimulatedAlarms;
  readonly players: readonly Player[];
}

interface Player {
  readonly scalingGroup: string;
  readonly perServer: number;
  readonly past: GroupPast;
  readonly run: GroupRun;
}

/**
 * Plays the real engine over a load: every minute the servers carry it, the alarms are evaluated, and the sweep that
 * runs in production runs on ports in memory. The same input gives the same result, to the byte.
 * @throws RangeError when there is no load, or loads differ in length
 */
export async function backtest(input: BacktestInput): Promise<BacktestResult> {
  const minutes = minutesOf(input);
  const backtest = prepare(input, minutes);
  for (let minute = 0; minute < minutes; minute++) {
    if (minute % minutesPerDay === 0) await pause(input, minute / minutes);
    const now = input.start + minute * minuteMs + momentMs;
    backtest.ports.clock.set(now);
    backtest.alarms.evaluate(now);
    await sweep(backtest.scaler, endlessTime);
    for (const player of backtest.players) playMinute(backtest.groups, player, minute);
  }
  return new Map(
    backtest.players.map(({ run }, index) => {
      const name = [...input.loads.keys()][index]!;
      return [name, { ...run, activities: backtest.ports.activities.of(name) }];
    }),
  );
}

/** All of it is done in one breath otherwise: no timer would fire, and no Ctrl-C be heard. */
async function pause({ onProgress, signal }: BacktestInput, share: number): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
  onProgress?.(share);
}

function endlessTime(): number {
  return Number.POSITIVE_INFINITY;
}

function minutesOf({ loads, fleet }: BacktestInput): number {
  const unknown = [...loads.keys()].find((name) => !fleet.groups[name]);
  if (unknown !== undefined) throw new RangeError(`the fleet has no group ${unknown}`);
  const lengths = new Set([...loads.values()].map(({ length }) => length));
  if (lengths.size !== 1) throw new RangeError('expected loads of one length for at least one group');
  return [...lengths][0]!;
}

/** A fleet of the groups that have a load, each as if it were active: what an observing group would do is what is asked. One that follows a group without a load cannot be played. */
function playedFleet({ fleet, loads }: BacktestInput): Fleet {
  const groups = Object.fromEntries(
    Object.entries(fleet.groups)
      .filter(([name]) => loads.has(name))
      .map(([name, group]) => [name, { ...group, mode: 'active' as const }]),
  );
  for (const [name, { follows }] of Object.entries(groups)) {
    if (follows && !groups[follows.group]) {
      throw new RangeError(`${name} follows ${follows.group}, which has no load`);
    }
  }
  return { ...fleet, groups };
}

function prepare(input: BacktestInput, minutes: number): Backtest {
  const fleet = playedFleet(input);
  const pasts = new Map([...input.loads.keys()].map((name) => [name, new GroupPast(minutes, input.start)]));
  const memory = memoryPorts(input.start, {
    launch: (name) => {
      const { bootSeconds } = groupNamed(fleet, name).simulation;
      return { inServiceAfterSeconds: bootSeconds, healthyAfterSeconds: bootSeconds };
    },
    // A server that leaves finishes its connections first, and is paid for meanwhile.
    terminationSeconds: (name) => groupNamed(fleet, name).loadBalancer?.deregistrationDelaySeconds ?? 0,
  });
  const other = input.provider?.(memory.clock);
  const groups = other ?? memory.groups;
  for (const name of pasts.keys()) {
    const scalingGroup = scalingGroupName(fleet, name);
    foundGroup(groups, fleet.groups[name]!, scalingGroup, input.loads.get(name)![0]!);
  }
  const alarms = new SimulatedAlarms(fleet, pasts, input.start);
  const metrics = new SimulatedMetrics(pasts, input.start);
  return {
    input,
    ports: memory,
    groups,
    scaler: createScaler(
      fleet,
      { ...memory, ...(other && onlyCapacity(other)), alarms, metrics },
      undefined,
      onwardForecaster(pasts, input.start),
    ),
    alarms,
    players: [...input.loads].map(([name, load]) => ({
      scalingGroup: scalingGroupName(fleet, name),
      perServer: fleet.groups[name]!.simulation.requestsPerSecondPerServer * 60,
      past: pasts.get(name)!,
      run: emptyRun(load),
    })),
  };
}

/** A provider that can say how many servers there are, and be told how many there should be, and no more. */
function onlyCapacity(groups: Capacity): Pick<Ports, 'groups' | keyof Capabilities> {
  const no = undefined;
  const more = { adopt: no, protect: no, replaceUnhealthy: no, refresh: no, launchFailures: no };
  return { groups, ...more, health: no, loadBalancers: no, rivals: no };
}

function groupNamed(fleet: Fleet, scalingGroup: string): Group {
  const [, group] = Object.entries(fleet.groups).find(
    ([name]) => scalingGroupName(fleet, name) === scalingGroup,
  )!;
  return group;
}

/** The group as it may be found: adopted servers and others, as many as its first minute needs, and its load balancer. */
function foundGroup(groups: SimulatedProvider, group: Group, name: string, firstLoad: number): void {
  const { minSize, maxSize, loadBalancer, instances, simulation } = group;
  const needed = Math.ceil(firstLoad / (simulation.requestsPerSecondPerServer * 60 * servedUtilization));
  const desired = Math.min(maxSize, Math.max(minSize, needed, instances.length));
  groups.put({
    name,
    minSize: leastSize(group),
    maxSize,
    desired,
    servers: Array.from({ length: desired }, (_, index) => ({
      id: instances[index] ?? `i-${index.toString(16).padStart(17, 'f')}`,
      lifecycle: 'ready',
      protectedFromScaleIn: index < instances.length,
      weight: 1,
    })),
    suspended: [],
    // Of a group of another cloud the file names no balancer: it has one where a rule goes by what balancers measure.
    trafficSources: loadBalancer || goesByBalancer(group) ? ['simulated'] : [],
  });
}

function emptyRun(load: Float64Array): GroupRun {
  const minutes = load.length;
  return {
    desired: new Int32Array(minutes),
    inService: new Int32Array(minutes),
    running: new Int32Array(minutes),
    utilization: new Float64Array(minutes),
    needed: new Float64Array(minutes),
    unserved: new Float64Array(minutes),
    load,
    activities: [],
  };
}

/** The servers that there are now carry the load of the minute that begins. */
function playMinute(groups: SimulatedProvider, player: Player, minute: number): void {
  const { perServer, past, run } = player;
  const { desired, servers } = groups.get(player.scalingGroup);
  let inService = 0;
  for (const { lifecycle } of servers) if (lifecycle === 'ready') inService++;
  const load = run.load[minute]!;
  const utilization = load === 0 ? 0 : load / (inService * perServer);
  run.desired[minute] = desired;
  run.inService[minute] = inService;
  run.running[minute] = servers.length;
  run.utilization[minute] = utilization;
  run.needed[minute] = load / (perServer * servedUtilization);
  run.unserved[minute] = Math.max(0, load - servedUtilization * perServer * inService);
  const booting = servers.length - inService;
  const mean = (busy: number, idle: number) =>
    servers.length === 0 ? 0 : (inService * busy + booting * idle) / servers.length;
  past.add({
    requests: load,
    cpuPercent: mean(busyCpuPercent(utilization), bootingCpuPercent),
    memoryPercent: mean(usedMemoryPercent(utilization), usedMemoryPercent(0)),
    inService,
    running: servers.length,
  });
}

function goesByBalancer(group: Group): boolean {
  return measuredOf(group).some(({ metric }) => needsLoadBalancer(metric));
}
