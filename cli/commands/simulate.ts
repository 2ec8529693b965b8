import { type Command, InvalidArgumentError, Option } from 'commander';
import { activityJson } from '../../shared/engine/activity-json.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { unitsOf } from '../../shared/fleet/unit-of.ts';
import { english } from '../../shared/sentences/en.ts';
import { speaker } from '../../shared/sentences/speaker.ts';
import { minutesPerDay } from '../../shared/units.ts';
import { backtest } from '../../simulate/backtest.ts';
import { flappingOf } from '../../simulate/flapping.ts';
import { unmeasured } from '../../simulate/measure.ts';
import { shortagesOf } from '../../simulate/shortages.ts';
import { summarize } from '../../simulate/summary.ts';
import { exitCodes, Failure } from '../failure.ts';
import { fleetText } from '../fleet-text.ts';
import { loadFleet } from '../load-fleet.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { progressLine } from '../progress-line.ts';
import { type Assumption, assumptionsOf } from '../simulate/assumptions.ts';
import { type LoadHistory, type LoadOptions, readLoadHistory, takesLoad } from '../simulate/load-source.ts';
import { remediesFor } from '../simulate/remedies.ts';
import { writeReport } from '../simulate/report.ts';
import type { GroupStory, Played } from '../simulate/story.ts';
import { summaryOf } from '../simulate/summary.ts';
import { partsAsText } from '../simulate/summary-parts.ts';
import { yardsticks } from '../simulate/yardsticks.ts';

const help = `
Plays the engine that runs in production over a load, minute by minute, and says what the fleet file would have done: servers,
changes, unserved demand, money. Nothing is called and nothing is changed. Servers behave as the group's simulation says.

  $ rushhour simulate --trace access.csv
  $ rushhour simulate --from-cloudwatch business --days 28 --report month.html
  $ rushhour simulate --trace access.csv --against calmer.yaml --report both.svg

A trace is a CSV "timestamp,requests_per_minute" with timestamps like 2026-03-01T11:00:00Z, in order; short gaps are bridged.
It is played as it is, unless --scale says otherwise. What is assumed of a server stands in the first line.
A column without _per_ counts per row: a log with rows only for its busy seconds is added up, and silence is 0.`;

interface SimulateOptions extends LoadOptions, OutputOptions {
  readonly against?: string;
  readonly report?: string;
  readonly price?: number;
}

export function define(command: Command): void {
  withJsonOption(takesLoad(command))
    .addOption(new Option('--against <file>', 'another fleet file, side by side'))
    .addOption(new Option('--report <file>', 'draw it: a self-contained .svg or .html').argParser(readReport))
    .addOption(
      new Option('--price <number>', 'of a server-hour; default: pricePerServerHour of each group').argParser(
        readPrice,
      ),
    )
    .addHelpText('after', help)
    .action(simulate);
}

function readReport(text: string): string {
  if (/\.(svg|html)$/.test(text)) return text;
  throw new InvalidArgumentError('Expected a name that ends in .svg or .html.');
}

function readPrice(text: string): number {
  const price = Number(text);
  if (Number.isFinite(price) && price >= 0) return price;
  throw new InvalidArgumentError('Expected a number of at least 0.');
}

async function simulate(options: SimulateOptions): Promise<void> {
  const fleet = loadFleet(options);
  const other = options.against === undefined ? undefined : loadFleet({ fleet: options.against });
  const history = await readLoadHistory(fleet, options);
  const played = [await play(options.fleet, fleet, history, options.price)];
  if (other) played.push(await play(options.against!, other, history, options.price));
  const stories = await Promise.all(
    [...history.loads.keys()].map((group) => story(fleet, history, group, played[0]!, options.price)),
  );
  const assumed = played.map(({ file, fleet: one }) =>
    assumptionsOf(one, fleetText(file), options.price, history.factors),
  );
  const summary = summaryOf(played, stories, history, assumed);
  if (options.report) {
    const pictured = played.map((each) => ({ ...each, label: other ? each.file : '' }));
    writeReport(options.report, `${fleet.name} over ${history.name}`, history.start, pictured, summary);
  }
  if (options.json) printData(simulationJson(played, stories, history, assumed), options);
  else print(partsAsText(summary));
}

async function play(
  file: string,
  fleet: Fleet,
  { start, loads }: LoadHistory,
  price: number | undefined,
): Promise<Played> {
  const own = new Map([...loads].filter(([group]) => fleet.groups[group]));
  const onProgress = progressLine(`playing ${file}`);
  try {
    const result = await backtest({ fleet, start, loads: own, onProgress });
    const prices = [...own.keys()].map(
      (group) => [group, price ?? fleet.groups[group]!.pricePerServerHour] as const,
    );
    return { file, fleet, result, summaries: summarize(result, new Map(prices)) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(`${file}: ${error.message}`, { exitCode: exitCodes.misused, cause: error });
  } finally {
    onProgress(1);
  }
}

async function story(
  fleet: Fleet,
  history: LoadHistory,
  group: string,
  { result }: Played,
  price: number | undefined,
): Promise<GroupStory> {
  const config = fleet.groups[group]!;
  const run = result.get(group)!;
  const shortages = shortagesOf(run, history.start).sort((one, other) => other.unserved - one.unserved);
  const [worst] = shortages;
  return {
    group,
    pricePerServerHour: price ?? config.pricePerServerHour,
    observed: config.mode === 'observe',
    unmeasured: unmeasured(config),
    flapping: flappingOf(run.activities, run.load.length / minutesPerDay, config),
    yardsticks: yardsticks(config, run),
    shortages,
    remedies: worst ? await remediesFor(fleet, group, history, worst) : [],
  };
}

function simulationJson(
  played: readonly Played[],
  stories: readonly GroupStory[],
  history: LoadHistory,
  assumed: readonly ReadonlyMap<string, Assumption>[],
): object {
  const iso = (instant: number) => new Date(instant).toISOString();
  const spoken = speaker(english, played[0]!.fleet.timeZone, unitsOf(played[0]!.fleet));
  const groupsOf = ({ summaries, result }: Played) =>
    Object.fromEntries(
      [...summaries].map(([group, summary]) => [
        group,
        { ...summary, activities: result.get(group)!.activities.map((each) => activityJson(each, spoken)) },
      ]),
    );
  return {
    load: { name: history.name, start: iso(history.start), remarks: history.remarks },
    fleets: played.map((each, index) => ({
      file: each.file,
      fleet: each.fleet.name,
      assumed: Object.fromEntries(assumed[index]!),
      groups: groupsOf(each),
    })),
    comparisons: Object.fromEntries(
      stories.map(({ group, shortages, ...rest }) => [
        group,
        {
          ...rest,
          shortages: shortages.map(({ answer, from, to, ...each }) => ({
            ...each,
            from: iso(from),
            to: iso(to),
            answer: answer && activityJson(answer, spoken),
          })),
        },
      ]),
    ),
  };
}
