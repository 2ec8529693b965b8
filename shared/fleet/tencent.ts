/** Where the credentials of another cloud come from: a secret of Secrets Manager, or the functions' own identity, exchanged. */
export type TencentCredentials = string | { readonly roleArn: string; readonly providerId: string };

/** A scaling group of Tencent Cloud that exists. The functions import this file, and so it knows no schema. */
export interface TencentGroup {
  readonly region: string;
  readonly scalingGroup: string;
  readonly credentials: TencentCredentials;
}

/** The name by which the provider is asked: `tencent:REGION/GROUP`. */
export function tencentGroupName({ region, scalingGroup }: Omit<TencentGroup, 'credentials'>): string {
  return `tencent:${region}/${scalingGroup}`;
}

/** @returns undefined when it is not the name of a group of Tencent Cloud */
export function tencentGroupOf(name: string): Omit<TencentGroup, 'credentials'> | undefined {
  const [, region, scalingGroup] = /^tencent:([^/]+)\/(.+)$/.exec(name) ?? [];
  return region && scalingGroup ? { region, scalingGroup } : undefined;
}

/** Who is meant by the functions' token: the identity provider of Tencent Cloud asks for it. */
export const tencentAudience = 'tencentcloud';
