import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Fleet } from '../shared/fleet/fleet.ts';
import type { Group } from '../shared/fleet/group.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';
import { minutesPerDay } from '../shared/units.ts';
import { backtest, servedUtilization } from '../simulate/backtest.ts';
import { generateLoad, lunchDayShape } from '../simulate/world/generator.ts';
import { familyRecordings } from './families.ts';
import { score } from './metrics.ts';
import { prepareCase } from './protocol.ts';
import { rushhour } from './rushhour.ts';
import { play } from './service-model.ts';

const yearMinutes = 365 * minutesPerDay;
const warmUpMinutes = 7 * minutesPerDay;
const rounds = 20;
const objectiveRounds = 5;

/**
 * `npm run bench -- loop`: group-minutes a second of one core. The bare loop is the service model under a policy that follows
 * the load without thinking; an objective is the same loop under ours, on four weeks of generated crowds; the engine is a
 * backtest of the example fleet, which has no objective: the sweep of production on ports in memory. Then the same engine
 * where each group of that fleet has an objective, and nothing else.
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' } } });
  const groupMinutesPerSecond = {
    bare: bareRate(),
    objective: objectiveRate(),
    engine: await engineRate(exampleFleet()),
    engineWithObjective: await engineRate(withObjectives(exampleFleet())),
  };
  const { bare, objective, engine, engineWithObjective } = groupMinutesPerSecond;
  console.log(`bare loop: ${(bare / 1e6).toFixed(1)} million group-minutes a second`);
  console.log(`an objective: ${Math.round(objective / 1e3)} thousand group-minutes a second`);
  console.log(`with the whole engine: ${Math.round(engine / 1e3)} thousand group-minutes a second`);
  console.log(
    `and an objective in it: ${Math.round(engineWithObjective / 1e3)} thousand group-minutes a second`,
  );
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ groupMinutesPerSecond }, null, 2)}\n`);
}

function exampleFleet(): Fleet {
  return readFleet(readFileSync(new URL('../fleet.yaml', import.meta.url), 'utf8'));
}

/** Groups that go by an objective alone: at the target a server is as busy as it may be. */
function withObjectives(fleet: Fleet): Fleet {
  const groups = Object.entries(fleet.groups).map(([name, group]): [string, Group] => {
    const targetValue = servedUtilization * group.simulation.requestsPerSecondPerServer;
    const days = { holidays: [], workdays: [] };
    const objective: Group['objective'] = {
      unserved: 0.001,
      metric: 'requestsPerSecond',
      targetValue,
      ...days,
    };
    return [name, { ...group, alarms: {}, schedules: {}, instances: [], objective }];
  });
  return { ...fleet, groups: Object.fromEntries(groups) };
}

async function engineRate(fleet: Fleet): Promise<number> {
  const play = async (minutes: number) => {
    const loads = Object.entries(fleet.groups).map(([name, { simulation }], seed) => {
      const shape = { ...lunchDayShape, nightShare: 0.5, requestsPerSecond: simulation.requestsPerSecond };
      return [name, generateLoad(shape, { seed, minutes })] as const;
    });
    const started = processorSeconds();
    await backtest({ fleet, start: Date.UTC(2026, 0, 1), loads: new Map(loads) });
    return (loads.length * minutes) / (processorSeconds() - started);
  };
  await play(warmUpMinutes);
  return Math.round(await play(yearMinutes));
}

function objectiveRate(): number {
  const workload = prepareCase(familyRecordings(['crowds'])[0]!, 3, 20);
  const minutes = workload.load.length;
  play(workload, rushhour(workload, {}));
  const started = processorSeconds();
  for (let round = 0; round < objectiveRounds; round++) play(workload, rushhour(workload, {}));
  return Math.round((objectiveRounds * minutes) / (processorSeconds() - started));
}

function bareRate(): number {
  const load = generateLoad(lunchDayShape, { seed: 1, minutes: yearMinutes }).map(
    (requests) => requests / 2000,
  );
  const workload = { load, bootMinutes: 3 };
  const follow = () =>
    play(workload, (fleet) => (fleet.visible < 0 ? fleet.desired : Math.ceil(load[fleet.visible]! * 1.5)));
  const span = { from: 0, to: yearMinutes };
  score(load, follow(), span);
  const started = processorSeconds();
  for (let round = 0; round < rounds; round++) follow();
  return Math.round((rounds * yearMinutes) / (processorSeconds() - started));
}

/** What this process has used of a core: what others do on the machine meanwhile does not count. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
