import type { Fleet } from '../../fleet/fleet.ts';
import { functionName } from '../../fleet/names.ts';

/** Lambda's `Invoke`, through the SDK or without it: the text that came back, and whether the function threw it. */
export type CallLambda = (
  functionName: string,
  payload: string,
) => Promise<{ readonly FunctionError?: string | undefined; readonly text: string }>;

/** What came of a call: the function's answer, what it threw, or what no function of ours says. */
export type Invoked<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'threw'; readonly errorType: string | undefined; readonly message: string }
  | { readonly kind: 'unreadable'; readonly text: string; readonly cause: unknown };

/**
 * Calls a function of the deployed scaler and waits for its answer.
 * @param name as in `functions/`: `bump`
 */
export async function invokeDeployed<Answer>(
  call: CallLambda,
  fleet: Fleet,
  name: string,
  payload: object,
): Promise<Invoked<Answer>> {
  const { FunctionError, text } = await call(functionName(fleet, name), JSON.stringify(payload));
  // biome-ignore lint/suspicious/noExplicitAny: each function's answer is its caller's to know.
  let answer: any;
  try {
    answer = JSON.parse(text || 'null');
  } catch (cause) {
    return { kind: 'unreadable', text, cause };
  }
  if (!FunctionError) return { kind: 'answered', answer };
  return { kind: 'threw', errorType: answer?.errorType, message: answer?.errorMessage ?? FunctionError };
}
