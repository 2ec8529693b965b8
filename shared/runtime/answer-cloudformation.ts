import * as z from 'zod/mini';
import { words } from './scalars.ts';

/** CloudFormation takes an answer of 4 kB, and waits an hour for one when it was longer. */
const reasonAtMost = 1_000;

const text = (what: string) => words(what, 5000);

/**
 * What CloudFormation asks of a custom resource; its properties are the resource's own matter.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requesttypes.html
 */
export const cloudFormationRequest = {
  RequestType: z.enum(['Create', 'Update', 'Delete'], { error: 'expected Create, Update or Delete' }),
  ResponseURL: z
    .url({ error: 'expected the address that waits for the answer' })
    .check(z.refine(isOfAws, { error: 'expected an https address of AWS (amazonaws.com)' })),
  StackId: text("a stack's id"),
  RequestId: text('a request id'),
  LogicalResourceId: text('a logical id'),
} as const;

/**
 * Whether CloudFormation may wait there: it does in a bucket of its own. A local cloud's address is the one that stands in
 * the environment, to which every other call goes too.
 */
function isOfAws(address: string): boolean {
  // What is no address at all has been said by then.
  if (!URL.canParse(address)) return true;
  const { protocol, hostname, origin } = new URL(address);
  const local = process.env['AWS_ENDPOINT_URL'];
  if (local !== undefined && URL.canParse(local)) return origin === new URL(local).origin;
  return protocol === 'https:' && /\.amazonaws\.com(\.cn)?$/.test(hostname);
}

type Request = z.infer<z.ZodMiniObject<typeof cloudFormationRequest>>;

/**
 * Does what CloudFormation asks for and reports how that went; the stack waits for that answer.
 * @param physicalId of the resource; another one than before would have CloudFormation delete the old
 * @throws Error when CloudFormation cannot be told: the function is then tried again
 */
export async function answerCloudFormation<R extends object>(
  { ResponseURL, StackId, RequestId, LogicalResourceId }: Request,
  physicalId: string,
  work: () => Promise<R>,
): Promise<R | { readonly failed: string }> {
  const outcome = await work().catch((error: Error) => ({ failed: error.message }));
  const status =
    'failed' in outcome
      ? { Status: 'FAILED', Reason: outcome.failed.slice(0, reasonAtMost) }
      : { Status: 'SUCCESS' };
  const body = { ...status, PhysicalResourceId: physicalId, StackId, RequestId, LogicalResourceId };
  // The address is signed for a request without a content type.
  const headers = { 'content-type': '' };
  const response = await fetch(ResponseURL, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`CloudFormation does not take the answer: ${response.status}`);
  return outcome;
}
