/** Secrets of the account. They are never logged, and stand in no template. */
export interface Secrets {
  /**
   * The values under these keys of one secret, which is JSON with text under each. What was read is kept for an hour.
   * @throws PortError `NotFound`, `Denied`, `Invalid` in words that say what to do; `Throttled`, `Unavailable`
   */
  read<K extends string>(name: string, keys: readonly K[]): Promise<Readonly<Record<K, string>>>;
  /** The provider has refused it: read it again at the next call, as somebody may have replaced it. */
  forget(name: string): void;
}
