import { readFile } from 'node:fs/promises';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { readFleet } from '../shared/fleet/read-fleet.ts';

/** @throws InvalidFleet with every mistake, Error when there is no such file */
export async function readFleetFile(file: string): Promise<Fleet> {
  return readFleet(await textOf(file), file, { withScripts: true });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`There is no fleet file ${file} to read: name yours with --fleet FILE`, { cause });
  }
}
