import { stripVTControlCharacters } from 'node:util';
import { commandLine } from './command-line.ts';
import { commands } from './commands.ts';

/** Every command's own help as a page of the documentation, `docs/commands.md`. */
export async function commandsPage(): Promise<string> {
  const sections = [
    '# Commands',
    '',
    'Generated from `npx rushhour help COMMAND` by `npm run reference`; do not edit.',
    '',
    ...fenced(await helpOf(undefined)),
  ];
  for (const { name } of commands) sections.push(`## ${name}`, '', ...fenced(await helpOf(name)));
  return sections.join('\n');
}

async function helpOf(name: string | undefined): Promise<string> {
  const program = await commandLine(name);
  const command = program.commands.find((each) => each.name() === name) ?? program;
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return stripVTControlCharacters(help).trim();
}

function fenced(text: string): string[] {
  return ['```text', text, '```', ''];
}
