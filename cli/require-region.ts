import { expectedRegion, regionForm } from '../shared/fleet/aws-region.ts';
import { exitCodes, Failure } from './failure.ts';

/** A region that is none has no host: what the network says of that is less. @throws Failure */
export function requireRegion(region: string): void {
  if (regionForm.test(region)) return;
  throw new Failure(`${region} is no region: ${expectedRegion(region)}.`, { exitCode: exitCodes.misused });
}
