import { buildFunctions } from './build-functions.ts';

/** `node infra/write-functions.ts OUTDIR`: for `built-functions.ts`, which cannot wait. */
await buildFunctions(process.argv[2]!);
