/**
 * The years whose holidays are laid out. They are fixed, so that the same file is the same deploy on every day; a fleet that needs
 * a later one is warned in time.
 */
export const laidYears = { from: 2024, to: 2035 } as const;
