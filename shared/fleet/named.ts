import { z } from 'zod';
import { identifier } from './scalars.ts';

/**
 * Values by names of the user's. A name that is none does not hide what is wrong with its value, as it does in a plain record of
 * zod, which looks at no value of a wrong key.
 */
export function named<Value extends z.ZodType>(values: Value) {
  return z.record(z.string().meta({ pattern: namePattern }), values).superRefine(
    (record, context) => {
      // What is no mapping at all has been told.
      if (typeof record !== 'object' || record === null || Array.isArray(record)) return;
      for (const name of Object.keys(record)) {
        const { error } = identifier.safeParse(name);
        if (error)
          context.addIssue({ code: 'invalid_key', origin: 'record', issues: error.issues, path: [name] });
      }
    },
    { when: () => true },
  );
}

const namePattern = z.toJSONSchema(identifier).pattern;
