import { ServiceError } from '../service.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/**
 * IAM alone takes `Team` and `team` for the same key.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 * @throws ServiceError `InvalidInput` when one key is there twice
 */
export function tagsByKey(tags: readonly Tag[]): Map<string, string> {
  const folded = new Set(tags.map(({ Key }) => Key.toLowerCase()));
  if (folded.size < tags.length) {
    const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
    throw new ServiceError('InvalidInputException', message);
  }
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}
