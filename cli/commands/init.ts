import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type ConfirmOptions, isSomebodyHere, takesYes } from '../confirm.ts';
import { exitCodes, Failure } from '../failure.ts';
import { askForAnswers, usualAnswers } from '../init/ask-for-answers.ts';
import { packageFile, projectFiles } from '../init/project-files.ts';
import { print } from '../print.ts';
import { styled } from '../terminal.ts';

const help = `
Writes what a fleet of your own needs into this folder: fleet.yaml, a CDK app of five lines, package.json, cdk.json, .gitignore, and a
workflow that validates and diffs in CI. In a CDK app that is there it writes the fleet file and says what to add to the app. It asks for a
name, a time zone, and which scaling groups of the account are to be in it. What is there already is left as it is.

  $ mkdir shop && cd shop
  $ npx rushhour init
  $ npm install
  $ npx rushhour start`;

export function define(command: Command): void {
  takesYes(command).addHelpText('after', help).action(init);
}

async function init({ yes }: ConfirmOptions): Promise<void> {
  if (!yes && !isSomebodyHere())
    throw new Failure('Nobody is here to answer.', {
      advice: 'Say --yes: the name of the folder, the time zone of this machine, an example to change.',
      exitCode: exitCodes.misused,
    });
  const folder = process.cwd();
  const usual = usualAnswers(folder);
  const answers = yes ? usual : await askForAnswers(usual);
  const inTheirApp = existsSync(join(folder, 'cdk.json'));
  for (const [file, text] of projectFiles(answers, inTheirApp)) {
    if (!existsSync(join(folder, file))) writeAs('wrote', folder, file, text);
    else print(`${styled('yellow', '!')} ${file} is there already, and left as it is`);
  }
  completePackage(folder, answers.name, inTheirApp);
  if (inTheirApp) print(theirs);
  print(next);
}

function writeAs(what: string, folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  print(`${styled('green', '✓')} ${what} ${file}`);
}

/** @throws Failure when the one that is there cannot be read */
function completePackage(folder: string, name: string, inTheirApp: boolean): void {
  const path = join(folder, 'package.json');
  const there = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  try {
    const text = packageFile(name, there, inTheirApp);
    if (text === undefined) return;
    writeAs(there === undefined ? 'wrote' : 'added what was missing to', folder, 'package.json', text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Failure(`package.json is no JSON: ${cause.message}`, { cause });
  }
}

const theirs = `
Into your app, in a stack of yours, or in the app itself for stacks of the fleet's own:

  import { RushhourFleet } from 'rushhour';
  new RushhourFleet(stack, 'Fleet', { fleet: 'fleet.yaml' });`;

const next = `
Now:
  npm install
  npx rushhour validate
  npx rushhour start                # a day of it, on this machine
  npx cdk deploy --all              # to AWS; once per account and region before: npx cdk bootstrap`;
