/** What `rushhour init` was told, or took for granted. */
export interface Answers {
  /** Of the fleet. */
  readonly name: string;
  /** IANA */
  readonly timeZone: string;
  /** Scaling groups that exist and are taken by name; without any, the fleet file has an example to be changed. */
  readonly existing: readonly ExistingGroup[];
}

/** A scaling group of the account. */
export interface ExistingGroup {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly targetGroupArns: readonly string[];
  /** Before its first target group. */
  readonly loadBalancerArn?: string | undefined;
}
