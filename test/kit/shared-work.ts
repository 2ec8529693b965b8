/**
 * For processes that a test gives variables of its own: what `temporary-folder.ts` set, so that they need not bundle the functions and
 * compile our code again, and nothing that changes what they do.
 */
export function sharedWork(): NodeJS.ProcessEnv {
  const { BUILT_FUNCTIONS, NODE_COMPILE_CACHE } = process.env;
  return { BUILT_FUNCTIONS, NODE_COMPILE_CACHE };
}
