/** A compact model per group, learnt hourly by the objective policy. */
export interface Models {
  read(groups: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  write(group: string, model: unknown): Promise<void>;
}
