import type { CompletableCommand, CompletableOption, Follows } from './completable.ts';

/** The script that completes in fish. */
export function fishScript(commands: readonly CompletableCommand[]): string {
  const lines = commands.flatMap(({ name, summary, options, first }) => {
    const within = `complete -c rushhour -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c rushhour -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...options.map((option) => `${within} ${optionFlags(option)}`),
      ...(first === 'nothing' || first === 'word' ? [] : [`${within}${candidates(first)}`]),
    ];
  });
  return [
    '# Completes rushhour in fish: rushhour completion fish | source',
    'complete -c rushhour -f',
    "complete -c rushhour -n __fish_use_subcommand -a help -d 'say how to use a command, with an example'",
    ...lines,
  ].join('\n');
}

function optionFlags({ long, short, description, follows }: CompletableOption): string {
  const names = `-l ${long}${short ? ` -s ${short}` : ''} -d ${quoted(description)}`;
  if (follows === 'nothing') return names;
  return `${names} ${follows === 'file' ? '-r' : '-x'}${candidates(follows)}`;
}

function candidates(follows: Follows): string {
  if (typeof follows !== 'string') return ` -a ${quoted(follows.join(' '))}`;
  if (follows === 'group') return " -a '(rushhour completion groups 2>/dev/null)'";
  return follows === 'file' ? ' -F' : '';
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
