import type { FleetInCloud } from '../cloud.ts';
import { compare } from '../diff/compare.ts';
import { type Finding, fine, warning } from './finding.ts';

const check = 'fleet file';

/** What the file says and the deployed scaler does not know yet. Another check says whether anything is deployed. */
export async function checkFleetFile({ scaler: { fleet } }: FleetInCloud): Promise<Finding[]> {
  const { deployed, changes } = await compare(fleet, '');
  if (!deployed) return [];
  if (changes.length === 0) return [fine(check, 'what is deployed is what it says')];
  const count = changes.length === 1 ? '1 change is' : `${changes.length} changes are`;
  return [
    warning(check, `${count} not deployed`, 'rushhour diff tells them, npx cdk deploy --all deploys them.'),
  ];
}
