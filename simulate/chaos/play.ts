import type { Instant } from '../../shared/domain/observation.ts';
import { isInService } from '../../shared/domain/servers.ts';
import { groupStates } from '../../shared/engine/group-state.ts';
import type { Scaler } from '../../shared/engine/scaler.ts';
import { hourMs, minuteMs } from '../../shared/units.ts';
import { inEnvelope } from './alarm-news.ts';
import type { ChaosCloud } from './chaos-cloud.ts';
import type { Transition } from './measurements.ts';
import type { Happening, Plan } from './plan.ts';
import { type Options, type Played, Simulation } from './simulation.ts';

/** After the faults have stopped: two sweeps, then long enough for every activity to come to its end. */
const settleMinutes = 3;
const restMinutes = 10;
const endMinutes = 14;
/** It comes to rest twice. */
const lastMinute = 2 * (restMinutes + 1);

/** Plays a plan to its end, or to its first violation. */
export async function play(plan: Plan, options: Options = {}): Promise<Played> {
  const simulation = new Simulation(plan, options);
  const { world, checker, faults } = simulation;
  for (const happening of plan.happenings) {
    if (options.happenings && !options.happenings.has(happening.id)) continue;
    simulation.at(happening.at, () => happen(simulation, happening, plan.calmAt));
  }
  planMinutes(simulation, plan);
  planSchedules(simulation, world.scaler, plan.start, plan.calmAt);
  await simulation.playUntil(plan.calmAt);
  faults.end();
  world.calm();
  await comeToRest(simulation, plan.calmAt);
  if (checker.violations.length === 0) {
    crowdUnheard(simulation, plan);
    await comeToRest(simulation, simulation.now);
  }
  await simulation.playUntil(plan.calmAt + endMinutes * minuteMs);
  if (checker.violations.length === 0) await checker.ended();
  return simulation.played();
}

/** Servers still come and go, and others follow them: while a step is to be taken, the next sweep takes it. */
async function comeToRest(simulation: Simulation, since: Instant): Promise<void> {
  const { world, checker } = simulation;
  const begun = Math.floor(since / minuteMs);
  for (let minute = begun + settleMinutes; minute <= begun + restMinutes; minute++) {
    await simulation.playUntil(minute * minuteMs - 1000);
    if (checker.violations.length > 0 || checker.settled(await look(world))) return;
  }
  checker.violate(3, 'it does not come to rest');
}

/** A crowd comes without an event: the sweep finds the red alarms by itself. */
function crowdUnheard({ world, dice }: Simulation, { seed }: Plan): void {
  const draw = dice.of(`last crowd of ${seed}`);
  const { name } = draw.of([...world.scaler.groups.values()]);
  world.measurements.setLoad(name, draw.of([500, 900]));
  world.measurements.disturb(name, 'unconfirmed', hourMs / 1000);
}

function look({ scaler }: ChaosCloud) {
  return groupStates(scaler, [...scaler.groups.values()]);
}

/** Every minute metrics are published, alarms look at them, and the sweep runs. */
function planMinutes(simulation: Simulation, { start, calmAt }: Plan): void {
  const { world, dice } = simulation;
  const serving = new Map<string, Set<string>>();
  for (let at = start; at <= calmAt + lastMinute * minuteMs; at += minuteMs) {
    simulation.at(at, () => {
      for (const transition of world.measure()) announce(simulation, transition);
      tellOfServers(simulation, serving);
    });
    const late = dice.of(`sweep at ${at}`).between(1000, 12_000);
    simulation.at(at + late, () => simulation.deliver('sweep', {}, `sweep@${(at - start) / minuteMs}`));
  }
}

function announce(simulation: Simulation, transition: Transition): void {
  const { alarm, value, since } = transition;
  const event = `${alarm}-${value}@${new Date(since).toISOString()}`;
  const news = inEnvelope(transition, simulation.dice.of(`envelope of ${event}`));
  simulation.deliver('on-alarm', news, event);
}

/** Servers that came into service or went since the last look. Only AWS tells of them. */
function tellOfServers(simulation: Simulation, serving: Map<string, Set<string>>): void {
  const { world } = simulation;
  if (world.elsewhere) return;
  const time = new Date(simulation.now).toISOString();
  for (const { name, scalingGroup } of world.scaler.groups.values()) {
    const known = serving.get(name) ?? new Set();
    const { servers } = world.shown(scalingGroup);
    const inService = servers.filter(isInService);
    const ids = new Set(inService.map(({ id }) => id));
    serving.set(name, ids);
    if (ids.size === known.size && [...ids].every((id) => known.has(id))) continue;
    const detail = { AutoScalingGroupName: scalingGroup };
    const isGone = [...known].some((id) => !ids.has(id));
    const happened = isGone ? 'EC2 Instance Terminate Successful' : 'EC2 Instance Launch Successful';
    const event = { 'detail-type': happened, time, detail };
    simulation.deliver('on-instance-event', event, `servers of ${name}@${time}`);
  }
}

/** EventBridge Scheduler says when windows open and close, within a minute. */
function planSchedules(simulation: Simulation, scaler: Scaler, start: Instant, calmAt: Instant): void {
  for (const { name, timetable } of scaler.groups.values()) {
    for (const { at, edge, window } of timetable.next(start, calmAt)) {
      const payload = { group: name, window: window.name, edge, at: new Date(at).toISOString() };
      const event = `${name}-${window.name}-${edge}@${payload.at}`;
      simulation.at(at, () => {
        if (simulation.world.scaler === scaler) simulation.deliver('on-schedule', payload, event);
      });
    }
  }
}

function happen(simulation: Simulation, happening: Happening, calmAt: number): void {
  simulation.coverage.count('happening', happening.kind);
  simulation.tell(() => JSON.stringify(happening));
  if (happening.kind === 'ask') ask(simulation, 'bump', happening, happening.ask);
  else if (happening.kind === 'crowd') crowd(simulation, happening, happening.people);
  else if (happening.kind === 'adopt') ask(simulation, 'adopt', happening, { instances: [happening.server] });
  else interfere(simulation, happening, calmAt);
}

function crowd(simulation: Simulation, happening: Happening, people: number): void {
  for (let person = 0; person < people; person++) {
    const one = { ...happening, id: `${happening.id}-${person}` };
    simulation.after(person * 2_000, () => ask(simulation, 'bump', one, { adjustment: 1 }));
  }
}

function interfere(simulation: Simulation, happening: Happening, calmAt: number): void {
  const { world, checker } = simulation;
  if (happening.kind === 'lose-ledger') simulation.killAll();
  world.do(happening);
  checker.remember();
  if (happening.kind === 'lose-ledger') checker.forget(happening.group);
  if (happening.kind === 'deploy') planSchedules(simulation, world.scaler, happening.at, calmAt);
  const ends = 'seconds' in happening ? happening.at + happening.seconds * 1000 : calmAt;
  if (ends < calmAt)
    simulation.at(ends, () => {
      world.undo(happening);
      checker.remember();
    });
}

/** A person who gets no answer asks again, and some people ask twice anyway; the request's id is the same. */
function ask(simulation: Simulation, functionName: string, happening: Happening, what: object): void {
  const { id, group } = happening;
  const payload = { group, reason: 'test', owner: 'alice', requestId: id, ...what };
  simulation.invoke(functionName, payload, id, 1);
  const again = happening.kind === 'ask' && happening.again;
  if (again) simulation.deliver(functionName, payload, `${id} again`);
}
