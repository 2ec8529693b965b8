import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { type Finding, warning } from './finding.ts';

/**
 * The fleet file cannot know where it is deployed: a service that is named with that region is taken for one of another.
 * @param deployed the region that the fleet is deployed to
 */
export function judgeRegion(
  { name, config }: Pick<ScalerGroup, 'name' | 'config'>,
  deployed: string,
): Finding[] {
  if (config.ecs?.region !== deployed) return [];
  return [
    warning(
      'groups',
      `${name}: ${deployed} is the fleet's own region: its rules have no alarms, and nothing is told when its tasks stop`,
      'Take ecs.region out of the fleet file, then npx cdk deploy --all.',
    ),
  ];
}
