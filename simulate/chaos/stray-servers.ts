/** Servers that exist before the fleet does, and may be adopted. */
export const strayServers = ['i-0000000a', 'i-0000000b', 'i-0000000c'];
