import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Hooks, LifecycleHook } from '../../shared/ports/capacity.ts';
import { type Finding, unseen } from './finding.ts';

/**
 * Hooks of groups are the operator's own: they are told, for a launch or a scale-in that is slow is often one of these.
 * @param groups those that are there
 */
export async function checkHooks(
  hooks: Hooks | undefined,
  groups: readonly Pick<ScalerGroup, 'name' | 'scalingGroup'>[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, scalingGroup } of groups) {
    try {
      const found = (await hooks?.lifecycleHooks(scalingGroup)) ?? [];
      findings.push(...found.map((hook) => told(name, hook)));
    } catch (error) {
      findings.push(unseen('hooks', `${name}: its lifecycle hooks`, error));
    }
  }
  return findings;
}

function told(group: string, { name, holds, seconds, givesUp }: LifecycleHook): Finding {
  const whom = holds === 'coming' ? 'come' : 'leave';
  const then = givesUp ? 'gives them up' : 'lets them go on';
  const message = `${group}: its lifecycle hook ${name} holds servers that ${whom} for up to ${seconds} s, and then ${then}`;
  const advice = givesUp
    ? 'Whoever is told of it must complete it in time: otherwise no launch succeeds, and scaling out holds.'
    : `Nothing to do: until then they show as ${holds === 'coming' ? 'coming' : 'held by a hook'}.`;
  return { check: 'hooks', verdict: 'fine', message, advice };
}
