import type { Decision } from './decision.ts';
import { decided } from './outcome.ts';
import { groupIsUntouchable } from './pause.ts';
import type { Scene } from './scene.ts';

/** Auto Scaling's name for replacing servers that fail their health checks; protection from scale-in does not stop it. */
export const replaceProcess = 'ReplaceUnhealthy';

/** Adopted servers are nobody's to replace: they are left as they are, unless the fleet file says otherwise. */
export function leaveSickServers(scene: Scene): Decision | undefined {
  const { policy, ledger, group } = scene;
  const adopts = ledger.adopted.length > 0 || ledger.adoptedByHand.length > 0;
  const replace = policy.replaceUnhealthy ?? (adopts ? false : undefined);
  const replaces = !group.suspendedProcesses.includes(replaceProcess);
  if (replace === undefined || replace === replaces || groupIsUntouchable(scene)) return undefined;
  const message = `${policy.name}: sick servers are ${replace ? 'replaced again' : 'left as they are, and reported'}`;
  return decided(scene, { reason: 'ServersAdopted', message, act: { kind: 'replaceUnhealthy', replace } });
}
