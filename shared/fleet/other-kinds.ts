import { alibabaGroupName } from './alibaba.ts';
import { ecsGroupName } from './ecs.ts';
import { kubernetesGroupName } from './kubernetes.ts';
import { tencentGroupName } from './tencent.ts';

/**
 * Kinds of groups that are not groups of EC2 Auto Scaling, by their key in the fleet file: how their provider is asked for them.
 * Each name begins with its kind and a colon, which no name of a scaling group of EC2 can have.
 */
const named = {
  ecs: ecsGroupName,
  kubernetes: kubernetesGroupName,
  alibaba: alibabaGroupName,
  tencent: tencentGroupName,
} as const;

export type OtherKind = keyof typeof named;

export const otherKinds = Object.keys(named) as readonly OtherKind[];

/** What stands in the fleet file of groups of other kinds. */
export type OtherSettings = {
  readonly [K in OtherKind]?: Parameters<(typeof named)[K]>[0] | undefined;
};

/** The kind that a group of the fleet file names; undefined: it is one of EC2 Auto Scaling. */
export function otherKindOf(group: { readonly [K in OtherKind]?: unknown }): OtherKind | undefined {
  return otherKinds.find((kind) => group[kind] !== undefined);
}

/** A group's name at its provider; undefined: it is one of EC2 Auto Scaling. */
export function otherGroupName(group: OtherSettings): string | undefined {
  const kind = otherKindOf(group);
  if (kind === undefined) return undefined;
  const nameOf = named[kind] as (settings: unknown) => string;
  return nameOf(group[kind]);
}

/** The kind that a name at a provider shows; undefined: it is one of EC2 Auto Scaling. */
export function kindOfName(name: string): OtherKind | undefined {
  return otherKinds.find((kind) => name.startsWith(`${kind}:`));
}
