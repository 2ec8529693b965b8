interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags of resources by ARN. */
export class Tags {
  readonly #byArn = new Map<string, Map<string, string>>();

  /** Adds tags and replaces those of the same keys. */
  set(arn: string, tags: readonly Tag[]): void {
    const own = this.#byArn.get(arn) ?? new Map<string, string>();
    for (const { Key, Value } of tags) own.set(Key!, Value ?? '');
    this.#byArn.set(arn, own);
  }

  remove(arn: string, keys: readonly string[]): void {
    for (const key of keys) this.#byArn.get(arn)?.delete(key);
  }

  delete(arn: string): void {
    this.#byArn.delete(arn);
  }

  of(arn: string): { Key: string; Value: string }[] {
    return [...(this.#byArn.get(arn) ?? [])].map(([Key, Value]) => ({ Key, Value }));
  }

  /** As IAM's condition keys for the resource. */
  conditions(arn: string): Record<string, string> {
    return Object.fromEntries(this.of(arn).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]));
  }
}
