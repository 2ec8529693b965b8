import { createHash } from 'node:crypto';
import type { IamInstanceProfile, IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';

/** What IAM knows of an instance profile by its name; undefined: there is no such profile. */
export type ProfileSource = (name: string) => { readonly arn: string; readonly id: string } | undefined;

/**
 * The profile that a launch asks for, by name or by ARN, as an instance shows it; undefined: it asks for none. One that IAM
 * does not know is accepted: a fleet that is tried here names profiles of a real account. Its id is made of its ARN, not
 * drawn, for what is drawn decides what comes after.
 */
export function profileOf(
  asked: IamInstanceProfileSpecification | undefined,
  account: string,
  profiles: ProfileSource,
): IamInstanceProfile | undefined {
  const name = asked?.Name ?? asked?.Arn?.split('/').at(-1);
  if (name === undefined) return undefined;
  const Arn = asked?.Arn ?? profiles(name)?.arn ?? `arn:aws:iam::${account}:instance-profile/${name}`;
  const known = profiles(name);
  if (known?.arn === Arn) return { Arn, Id: known.id };
  return { Arn, Id: `AIPA${createHash('sha256').update(Arn).digest('hex').slice(0, 17).toUpperCase()}` };
}
