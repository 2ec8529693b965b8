import { readFileSync } from 'node:fs';
import type { Fleet } from '../fleet/fleet.ts';
import type { AwsSettings } from '../providers/aws/ports.ts';

/** The function was deployed without something that it cannot work without. */
class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The fleet that was validated at synth and lies beside the bundle.
 * @throws InvalidEnvironment when there is none
 */
export function readFleetFile(environment: Environment): Fleet {
  const place = environment['RUSHHOUR_FLEET'] ?? new URL('./fleet.json', import.meta.url);
  try {
    return JSON.parse(readFileSync(place, 'utf8')) as Fleet;
  } catch (cause) {
    throw new InvalidEnvironment(`There is no fleet to read at ${place}`, { cause });
  }
}

/** @throws InvalidEnvironment that names every variable that is missing */
export function readSettings(environment: Environment, fleet: Fleet): AwsSettings {
  const names = ['TABLE_LEDGER', 'TABLE_ACTIVITIES', 'EVENT_BUS'] as const;
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0)
    throw new InvalidEnvironment(`Expected the variables ${missing.join(', ')} to be set`);
  return {
    fleet: fleet.name,
    ledgerTable: environment['TABLE_LEDGER']!,
    activitiesTable: environment['TABLE_ACTIVITIES']!,
    historyRetentionDays: fleet.historyRetentionDays,
    eventBus: environment['EVENT_BUS']!,
    topicArn: environment['TOPIC_ARN'] || undefined,
  };
}
