#!/usr/bin/env node
import { version } from '../shared/version.ts';

const args = process.argv.slice(2);

// Reading only the first lines (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The SDK's warning about next year's Node would stand above each answer.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Scripts ask for the version of every tool that they find: nothing else is loaded for it.
if (args.length === 1 && ['--version', '-V'].includes(args[0]!)) process.stdout.write(`${version}\n`);
else {
  const { run } = await import('./run.ts');
  process.exitCode = await run(args);
}
