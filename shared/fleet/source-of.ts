import { type OtherSettings, otherGroupName, otherKindOf } from './other-kinds.ts';

/**
 * Where a group is asked for: AWS, another region of AWS, or the place of another provider's with the credentials that are used there. One that hangs
 * or refuses holds up the groups of its source alone.
 */
export function sourceOf(group: OtherSettings): string {
  const kind = otherKindOf(group);
  if (kind === undefined) return 'aws';
  if (kind === 'ecs') return group.ecs!.region === undefined ? 'aws' : `ecs:${group.ecs!.region}`;
  const name = otherGroupName(group)!;
  const { credentials } = group[kind] as { readonly credentials?: unknown };
  return `${name.slice(0, name.indexOf('/'))} ${JSON.stringify(credentials ?? null)}`;
}

/** Are groups of its source granted each by itself, so that one may be refused where the others are not? */
export function isGrantedApart(group: OtherSettings): boolean {
  const kind = otherKindOf(group);
  return kind === undefined || kind === 'ecs';
}
