/** On everything that a fleet is made of; the functions may touch scaling groups that carry their fleet's name. */
export const fleetTag = 'rushhour:fleet';
export const groupTag = 'rushhour:group';
