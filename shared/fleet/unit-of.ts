import { type OtherSettings, otherKindOf } from './other-kinds.ts';

/** What a group is made of: servers; tasks of ECS; pods of Kubernetes. */
export function unitOf(group: OtherSettings | undefined): 'server' | 'task' | 'pod' {
  const kind = group && otherKindOf(group);
  if (kind === 'ecs') return 'task';
  return kind === 'kubernetes' ? 'pod' : 'server';
}

/** What each group of a fleet is made of. */
export function unitsOf({ groups }: { readonly groups: Readonly<Record<string, OtherSettings>> }) {
  return (group: string) => unitOf(groups[group]);
}
