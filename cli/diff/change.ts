import type { SubjectKind } from './subject.ts';

/** One thing that a deploy changes. */
export interface Change {
  readonly subject: SubjectKind | 'scaler';
  readonly group?: string;
  readonly name?: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Which key of it, when it is changed: `launch.imageId`, or a day of a calendar. */
  readonly field?: string;
  /** In words; missing: it was not there. */
  readonly before?: string;
  /** In words; missing: it is no longer there. */
  readonly after?: string;
  /** What that means, where it cannot be guessed. */
  readonly remark?: string;
}
