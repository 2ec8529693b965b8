import { parse } from 'yaml';
import type { Fleet } from '../../shared/fleet/fleet.ts';

/** What a backtest takes for granted of a group: what no log of requests says. */
export interface Assumption {
  readonly requestsPerSecondPerServer: number;
  readonly pricePerServerHour: number;
  readonly bootSeconds: number;
  /** By what the log is multiplied; 1: it is played as it is. */
  readonly logTimes: number;
  /** Which of them nobody has written: they are the defaults. */
  readonly defaults: readonly string[];
}

/** As often as a fleet file may: an anchor of five hundred groups is no attack. */
const mostAliases = 1000;

/**
 * @param text of the fleet file: what it leaves out is a default
 * @param price of a server-hour, instead of the groups' own
 * @param factors by what each group's load was multiplied
 */
export function assumptionsOf(
  fleet: Fleet,
  text: string,
  price: number | undefined,
  factors: ReadonlyMap<string, number>,
): Map<string, Assumption> {
  const { groups } = parse(text, { maxAliasCount: mostAliases });
  return new Map(
    [...factors]
      .filter(([name]) => Object.hasOwn(fleet.groups, name))
      .map(([name, logTimes]) => {
        const { simulation, pricePerServerHour } = fleet.groups[name]!;
        const { requestsPerSecondPerServer, bootSeconds } = simulation;
        const written = groups[name];
        const defaults = [
          ...['requestsPerSecondPerServer', 'bootSeconds'].filter(
            (key) => written.simulation?.[key] === undefined,
          ),
          ...(price === undefined && written.pricePerServerHour === undefined ? ['pricePerServerHour'] : []),
        ];
        const assumption = {
          requestsPerSecondPerServer,
          pricePerServerHour: price ?? pricePerServerHour,
          bootSeconds,
          logTimes,
          defaults,
        };
        return [name, assumption] as const;
      }),
  );
}

/** All of it in one line; groups with the same assumptions share a line. */
export function assumptionsText(assumptions: ReadonlyMap<string, Assumption>): string {
  const alike = Map.groupBy(assumptions.keys(), (name) => wordsOf(assumptions.get(name)!));
  return `Assumed ${[...alike].map(([words, names]) => `of ${namesOf(names)}: ${words}`).join('; ')}`;
}

const namesTold = 4;

function namesOf(names: readonly string[]): string {
  const rest = names.length - namesTold;
  return `${names.slice(0, namesTold).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function wordsOf(assumption: Assumption): string {
  const { requestsPerSecondPerServer, pricePerServerHour, bootSeconds, logTimes, defaults } = assumption;
  const byDefault = (key: string, where: string) => (defaults.includes(key) ? ` (a default: ${where})` : '');
  return [
    `a server carries ${requestsPerSecondPerServer} requests/s at 100 % CPU${byDefault('requestsPerSecondPerServer', 'simulation.requestsPerSecondPerServer')}`,
    `costs ${pricePerServerHour} an hour${byDefault('pricePerServerHour', 'pricePerServerHour')}`,
    `boots in ${bootSeconds} s${byDefault('bootSeconds', 'simulation.bootSeconds')}`,
    logTimes === 1 ? 'the log is played as it is' : `the log is multiplied by ${rounded(logTimes)}`,
  ].join(', ');
}

/** Three digits that tell. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
