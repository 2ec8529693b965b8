import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import { type Operation, ServiceError } from '../service.ts';

interface BatchInput {
  readonly QueueUrl: string;
  readonly Entries: readonly { readonly Id: string }[];
}

/** Up to ten of one operation in one request, of which each succeeds or fails for itself. */
export function batch(single: Operation): Operation {
  return async ({ QueueUrl, Entries }: BatchInput, call) => {
    check(Entries);
    const Successful: object[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    for (const { Id, ...entry } of Entries) {
      try {
        Successful.push({ Id, ...((await single({ QueueUrl, ...entry }, call)) as object | undefined) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        Failed.push({ Id, SenderFault: true, Code: error.code, Message: error.message });
      }
    }
    return { Successful, Failed };
  };
}

function check(entries: BatchInput['Entries']): void {
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    const message = `Maximum number of entries per request are 10. You have sent ${entries.length}.`;
    throw new ServiceError('TooManyEntriesInBatchRequest', message);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
}
