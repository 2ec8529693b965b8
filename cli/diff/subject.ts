/** What a fleet file describes: the fleet, a group, a window. */
export type SubjectKind = 'fleet' | 'calendar' | 'group' | 'window' | 'rule' | 'target';

/** One thing that a fleet file describes, in words that can be compared and read. */
export interface Subject {
  readonly kind: SubjectKind;
  /** The group that it belongs to, or is. */
  readonly group?: string;
  /** Its name; a group's own is in `group`. */
  readonly name?: string;
  /** All of it, in one line. */
  readonly summary: string;
  /** Key by key: `launch.imageId` to what it says. */
  readonly fields: Readonly<Record<string, string>>;
}
