import { z } from 'zod';
import { acrossFields } from './across-fields.ts';
import { pattern } from './scalars.ts';

/** A resource has 50; of these a subnet has the fleet's, its name, and two of CDK's. */
const mostTags = 46;

/** What all services take. The functions may touch what carries the fleet's own tags: nobody else sets those. */
const key = pattern(
  /^(?![aA][wW][sS]:|[rR][uU][sS][hH][hH][oO][uU][rR]:)[\p{L}\p{Zs}\p{N}_.:/=+@-]{1,128}$/u,
  'expected 1 to 128 letters, digits, spaces or _.:/=+@-, not beginning with aws: or rushhour:',
);
/** Most services take an empty one; Systems Manager and EventBridge Scheduler do not. */
const value = pattern(
  /^[\p{L}\p{Zs}\p{N}_.:/=+@-]{1,256}$/u,
  'expected 1 to 256 letters, digits, spaces or _.:/=+@-',
);

/**
 * Tags on everything that is made.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html on keys that differ by case
 */
export const tags = acrossFields(z.record(key, value), (tags, complain) => {
  const keys = Object.keys(tags);
  if (keys.length > mostTags)
    complain([], `expected at most ${mostTags} tags: a resource has 50, and some are needed beside yours`);
  const seen = new Map<string, string>();
  for (const key of keys) {
    const other = seen.get(key.toLowerCase());
    if (other !== undefined)
      complain(
        key,
        `expected another key than ${other}, from which it differs by case only: roles have no two such tags`,
      );
    seen.set(key.toLowerCase(), key);
  }
}).default({});
