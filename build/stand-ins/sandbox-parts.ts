/** The sandbox is one file. */
export const sandboxParts: readonly URL[] = [];
