import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Change } from './change.ts';
import { remarkOn } from './remarks.ts';
import type { Subject } from './subject.ts';
import { subjectsOf } from './subjects.ts';

/** What differs between the fleet that is deployed and that of the file, in the file's order; what is gone comes last. */
export function changesBetween(deployed: Fleet, file: Fleet): Change[] {
  const before = new Map(subjectsOf(deployed).map((subject) => [keyOf(subject), subject]));
  const after = new Map(subjectsOf(file).map((subject) => [keyOf(subject), subject]));
  const changes = [...after].flatMap(([key, subject]) => {
    const old = before.get(key);
    return old
      ? fieldChanges(old, subject)
      : [{ ...about(subject), change: 'added', after: subject.summary } as const];
  });
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, subject]) => subject);
  const goneGroups = new Set(gone.flatMap(({ kind, group }) => (kind === 'group' ? [group] : [])));
  const removed = gone
    // With a group goes all that is in it.
    .filter(({ kind, group }) => kind === 'group' || !goneGroups.has(group))
    .map((subject): Change => ({ ...about(subject), change: 'removed', before: subject.summary }));
  return [...changes, ...removed].map((change) => {
    const remark = remarkOn(change, deployed, file);
    return remark === undefined ? change : { ...change, remark };
  });
}

function keyOf({ kind, group, name }: Subject): string {
  return JSON.stringify([kind, group, name]);
}

function about({ kind, group, name }: Subject): Pick<Change, 'subject' | 'group' | 'name'> {
  return { subject: kind, ...(group !== undefined && { group }), ...(name !== undefined && { name }) };
}

function fieldChanges(old: Subject, subject: Subject): Change[] {
  const fields = new Set([...Object.keys(subject.fields), ...Object.keys(old.fields)]);
  return [...fields].flatMap((field): Change[] => {
    const [before, after] = [old.fields[field], subject.fields[field]];
    if (before === after) return [];
    const texts = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return [{ ...about(subject), change: 'changed', field, ...texts }];
  });
}
