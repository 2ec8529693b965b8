import type { Instant, OpenWindow } from '../domain/observation.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { ScheduleWindow } from '../fleet/window.ts';
import { type Occurrence, Occurrences } from './occurrences.ts';

/** An opening or a closing that comes. */
export interface TimetableEdge {
  readonly at: Instant;
  readonly edge: 'start' | 'end';
  readonly window: OpenWindow;
}

/** One window, and what is known of it in `[from, until)`. */
interface Row {
  readonly name: string;
  readonly effect: Pick<OpenWindow, 'boost' | 'minSize' | 'maxSize' | 'lowerMinSizeTo'>;
  readonly occurrences: Occurrences;
  from: Instant;
  until: Instant;
  open: OpenWindow | undefined;
}

/** Which of a group's windows are open, and which open or close next. */
export class Timetable {
  readonly #rows: readonly Row[];
  #from: Instant = Number.POSITIVE_INFINITY;
  #until: Instant = Number.NEGATIVE_INFINITY;
  #open: readonly OpenWindow[] = [];

  constructor(
    schedules: Readonly<Record<string, ScheduleWindow>>,
    calendars: Fleet['calendars'],
    timeZone: string,
  ) {
    this.#rows = Object.entries(schedules).map(([name, window]) => ({
      name,
      effect: effectOf(window),
      occurrences: new Occurrences(window, calendars, timeZone),
      from: Number.POSITIVE_INFINITY,
      until: Number.NEGATIVE_INFINITY,
      open: undefined,
    }));
  }

  /** The windows that are open now; the very same array for as long as nothing opens or closes. */
  openAt(now: Instant): readonly OpenWindow[] {
    if (this.#from <= now && now < this.#until) return this.#open;
    for (const row of this.#rows) {
      if (now < row.from || now >= row.until) look(row, now);
    }
    this.#from = now;
    this.#until = Math.min(Number.POSITIVE_INFINITY, ...this.#rows.map((row) => row.until));
    this.#open = this.#rows.flatMap((row) => row.open ?? []);
    return this.#open;
  }

  /** What opens or closes in `(now, until]`, in order; what closes before what opens. */
  next(now: Instant, until: Instant): TimetableEdge[] {
    const edges = this.#rows.flatMap((row) => [...edgesOf(row, now, until)]);
    return edges
      .filter(({ at }) => at > now && at <= until)
      .sort((one, other) => one.at - other.at || one.edge.localeCompare(other.edge));
  }
}

function look(row: Row, now: Instant): void {
  const open = row.occurrences.openAt(now);
  row.open = open && windowOf(row, open);
  row.from = now;
  row.until = open?.end ?? row.occurrences.after(now)?.start ?? Number.POSITIVE_INFINITY;
}

function* edgesOf(row: Row, now: Instant, until: Instant): Generator<TimetableEdge> {
  let occurrence = row.occurrences.openAt(now) ?? row.occurrences.after(now);
  while (occurrence && occurrence.start <= until) {
    const window = windowOf(row, occurrence);
    yield { at: window.start, edge: 'start', window };
    yield { at: window.end, edge: 'end', window };
    occurrence = row.occurrences.after(occurrence.start);
  }
}

function windowOf(row: Row, { start, end }: Occurrence): OpenWindow {
  return { name: row.name, start, end, ...row.effect };
}

/** What a window does while it is open. */
function effectOf({ scalingAdjustment, minSize, maxSize, lowerMinSizeTo }: ScheduleWindow): Row['effect'] {
  return {
    ...(scalingAdjustment !== undefined && { boost: boostOf(scalingAdjustment) }),
    ...(minSize !== undefined && { minSize }),
    ...(maxSize !== undefined && { maxSize }),
    ...(lowerMinSizeTo !== undefined && { lowerMinSizeTo }),
  };
}

function boostOf(adjustment: number | string): NonNullable<OpenWindow['boost']> {
  return typeof adjustment === 'number'
    ? { type: 'ChangeInCapacity', value: adjustment }
    : { type: 'PercentChangeInCapacity', value: Number.parseInt(adjustment, 10) };
}
