import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { readFleetFile, readSettings } from '../../../shared/runtime/environment.ts';
import { fleetFile } from '../functions/fleet.ts';

const fleet = readFleet(fleetFile);
const complete = { TABLE_LEDGER: 'l', TABLE_ACTIVITIES: 'a', EVENT_BUS: 'default', TOPIC_ARN: 't' };

describe('the environment of a function', () => {
  it('names the tables, the bus and the topic', () => {
    expect(readSettings(complete, fleet)).toEqual({
      fleet: 'lunch',
      ledgerTable: 'l',
      activitiesTable: 'a',
      historyRetentionDays: 400,
      eventBus: 'default',
      topicArn: 't',
    });
  });

  it('may have no topic: then nobody is written to', () => {
    expect(readSettings({ ...complete, TOPIC_ARN: '' }, fleet).topicArn).toBeUndefined();
  });

  it('is refused with everything that it lacks', () => {
    expect(() => readSettings({ TABLE_LEDGER: 'l' }, fleet)).toThrow(
      'Expected the variables TABLE_ACTIVITIES, EVENT_BUS to be set',
    );
  });

  it('says where the fleet lies', () => {
    const directory = mkdtempSync(join(tmpdir(), 'rushhour-test-'));
    const place = join(directory, 'fleet.json');
    writeFileSync(place, JSON.stringify(fleet));
    expect(readFleetFile({ RUSHHOUR_FLEET: place })).toEqual(fleet);
    rmSync(directory, { recursive: true });
  });

  it('without a fleet is refused', () => {
    expect(() => readFleetFile({ RUSHHOUR_FLEET: '/nowhere/fleet.json' })).toThrow(
      'There is no fleet to read at',
    );
  });
});
