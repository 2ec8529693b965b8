import type { OtherSettings } from './other-kinds.ts';

/**
 * The region of AWS in which a group is, with its metrics, where it is another than that of the functions. Alarms of that region cannot
 * call a function of this one, and events of its own do not come here: whoever looks sees to both.
 * @returns undefined: it is in the region of the functions, or in none of AWS
 */
export function awsRegionOf({ ecs }: Pick<OtherSettings, 'ecs'>): string | undefined {
  return ecs?.region;
}
