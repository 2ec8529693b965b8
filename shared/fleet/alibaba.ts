/** Where the credentials of Alibaba Cloud come from: a secret of Secrets Manager, or the functions' own identity, exchanged. */
export type AlibabaCredentials = string | { readonly roleArn: string; readonly providerArn: string };

/** A scaling group of Alibaba Cloud that exists. The functions import this file, and so it knows no schema. */
export interface AlibabaGroup {
  readonly region: string;
  readonly scalingGroup: string;
  readonly credentials: AlibabaCredentials;
}

/** The name by which the provider is asked: `alibaba:REGION/GROUP`. */
export function alibabaGroupName({ region, scalingGroup }: Omit<AlibabaGroup, 'credentials'>): string {
  return `alibaba:${region}/${scalingGroup}`;
}

/** @returns undefined when it is not the name of a group of Alibaba Cloud */
export function alibabaGroupOf(name: string): Omit<AlibabaGroup, 'credentials'> | undefined {
  const [, region, scalingGroup] = /^alibaba:([^/]+)\/(.+)$/.exec(name) ?? [];
  return region && scalingGroup ? { region, scalingGroup } : undefined;
}

/** Who is meant by the functions' token: the client id that the OIDC provider of Alibaba Cloud names. */
export const alibabaAudience = 'sts.aliyuncs.com';
