/** Values of a policy's knobs, by name. */
export type Knobs = Record<string, number>;
