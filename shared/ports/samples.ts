/** What nobody measures continuously: it is measured now, and kept where metrics are read. */
export interface Samples {
  /** Measures the groups, by their names at their provider. @throws PortError */
  publish(names: readonly string[]): Promise<void>;
}
