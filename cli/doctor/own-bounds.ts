import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { leastSize } from '../../shared/fleet/least-size.ts';
import type { NativeRule } from '../../shared/ports/capacity.ts';
import { type Finding, problem, warning } from './finding.ts';

/** A group of a cloud that has bounds, protected servers and rules of its own beside the fleet file's. */
export type OwnGroup = Pick<ScalerGroup, 'name' | 'config'>;

/** @param widen the command that gives the group this minimum and maximum */
export function judgeBounds(
  { name, config }: OwnGroup,
  { minSize, maxSize }: ScalingGroup,
  widen: (min: number, max: number) => string,
): Finding[] {
  const [least, most] = [leastSize(config), config.maxSize];
  if (minSize <= least && maxSize >= most) return [];
  const message = `${name}: its group takes ${minSize} to ${maxSize} servers, by the fleet file it is ${least} to ${most}: what is outside is refused`;
  return [problem('drift', message, widen(Math.min(minSize, least), Math.max(maxSize, most)))];
}

/** @param called what the cloud's console calls protection */
export function judgeProtection(
  { name, config }: OwnGroup,
  { servers }: ScalingGroup,
  called: string,
): Finding[] {
  const open = servers.filter(
    ({ id, protectedFromScaleIn }) => config.instances.includes(id) && !protectedFromScaleIn,
  );
  return open.map(({ id }) =>
    warning(
      'drift',
      `${name}: ${id} is not protected (${called})`,
      'The next sweep does it: rushhour explain.',
    ),
  );
}

/** Right while the group is only observed, a fight once it is scaled. @param advice what ends them */
export function judgeOwnRules(
  { name, config }: OwnGroup,
  native: readonly NativeRule[],
  advice: string,
): Finding[] {
  const awake = native.filter(({ isAsleep }) => !isAsleep).map((rule) => rule.name);
  if (awake.length === 0) return [];
  if (config.mode !== 'observe')
    return [problem('native scaling', `${name}: its own rules would fight: ${awake.join(', ')}`, advice)];
  const message = `${name}: it is observed, and its own rules go on scaling it: ${awake.join(', ')}`;
  const swap = `To swap: delete its mode: observe, deploy, and then: ${advice}`;
  return [{ check: 'native scaling', verdict: 'fine', message, advice: swap }];
}
