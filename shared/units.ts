/** Milliseconds of what people count time in. A day of a time zone may be longer or shorter: see `schedule/zone.ts`. */
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const minutesPerHour = 60;
export const minutesPerDay = 24 * minutesPerHour;
