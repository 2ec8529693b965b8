/** Who asks, where the fleet file does. */
export const fleetFileAsks = 'instances';
