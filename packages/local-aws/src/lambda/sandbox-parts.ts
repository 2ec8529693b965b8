/** What the sandbox imports. */
export const sandboxParts: readonly URL[] = [
  new URL('./sandbox-clock.ts', import.meta.url),
  new URL('../random.ts', import.meta.url),
];
