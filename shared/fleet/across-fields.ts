import type { z } from 'zod';

/** A value that was read in part: whatever is wrong in it is missing. */
export type Draft<T> = T extends readonly (infer Element)[]
  ? (Draft<Element> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

/** Reports a mistake at a path below the object whose fields are compared. */
export type Complain = (path: PropertyKey | readonly PropertyKey[], expected: string) => void;

/**
 * Adds what must hold between the fields of an object. Unlike a plain refinement it also runs when some fields are wrong
 * in themselves, so that all mistakes of a file come at once; it then sees the object without those fields.
 */
export function acrossFields<Schema extends z.ZodType<object>>(
  schema: Schema,
  rules: (draft: Draft<z.output<Schema>>, complain: Complain) => void,
): Schema {
  return schema.superRefine(
    (value, context) => {
      const draft = withoutMistakes(value, context.issues);
      if (draft === undefined) return;
      rules(draft as Draft<z.output<Schema>>, (path, message) =>
        context.addIssue({
          code: 'custom',
          path: Array.isArray(path) ? [...path] : [path as PropertyKey],
          message,
        }),
      );
    },
    { when: () => true },
  );
}

interface Mistake {
  readonly code?: string | undefined;
  readonly path?: readonly PropertyKey[] | undefined;
}

function withoutMistakes(value: unknown, mistakes: readonly Mistake[]): object | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // An unknown key takes nothing away from the object that it is in.
  const wrong = mistakes.filter(({ code }) => code !== 'unrecognized_keys');
  if (wrong.length === 0) return value;
  const draft: Record<PropertyKey, unknown> = structuredClone(value) as never;
  for (const { path = [] } of wrong) {
    const last = path.at(-1);
    if (last === undefined) return undefined;
    let parent: unknown = draft;
    for (const key of path.slice(0, -1)) parent = (parent as Record<PropertyKey, unknown> | undefined)?.[key];
    if (typeof parent === 'object' && parent !== null)
      (parent as Record<PropertyKey, unknown>)[last] = undefined;
  }
  return draft;
}
