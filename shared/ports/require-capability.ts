import type { Capabilities } from './capacity.ts';
import { PortError } from './port-error.ts';

/**
 * What a group's provider cannot do is refused where the fleet file is read, or where a person asks for it.
 * @throws PortError `Invalid`
 */
export function requireCapability<C extends keyof Capabilities>(
  capabilities: Capabilities,
  name: C,
): NonNullable<Capabilities[C]> {
  const capability = capabilities[name];
  if (capability) return capability;
  throw new PortError('Invalid', `the provider of this group cannot do it: it has no ${name}`);
}
