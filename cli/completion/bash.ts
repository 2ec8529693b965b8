import type { CompletableCommand, Follows } from './completable.ts';

/** The script that completes in bash 3.2 and newer: what macOS brings, too. */
export function bashScript(commands: readonly CompletableCommand[]): string {
  return `# Completes rushhour in bash: eval "$(rushhour completion bash)"
_rushhour() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= operands=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      -*) ;;
      *) if [ -z "$command" ]; then command=\${COMP_WORDS[i]}; else operands=$((operands + 1)); fi ;;
    esac
  done
  case "$command $previous" in
${afterOptions(commands)}
  esac
  case $command in
    '' | help) COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} help' -- "$word")) ;;
${commands.map(branch).join('\n')}
  esac
}
complete -o default -F _rushhour rushhour`;
}

/** What comes after an option that takes something. */
function afterOptions(commands: readonly CompletableCommand[]): string {
  return commands
    .flatMap(({ name, options }) =>
      options.flatMap(({ long, short, follows }) => {
        if (follows === 'nothing') return [];
        const pattern = [`'${name} --${long}'`, ...(short ? [`'${name} -${short}'`] : [])].join(' | ');
        return `    ${pattern}) ${replyWith(follows)}return ;;`;
      }),
    )
    .join('\n');
}

function replyWith(follows: Follows): string {
  // With no reply of its own, bash completes names of files.
  if (follows === 'file') return '';
  const words = wordsOf(follows);
  return words ? `COMPREPLY=($(compgen -W "${words}" -- "$word")); ` : 'compopt +o default 2>/dev/null; ';
}

function wordsOf(follows: Follows): string {
  if (typeof follows !== 'string') return follows.join(' ');
  return follows === 'group' ? `$("\${COMP_WORDS[0]}" completion groups 2>/dev/null)` : '';
}

function branch({ name, options, first }: CompletableCommand): string {
  const flags = options.map(({ long }) => `--${long}`).join(' ');
  const operand = wordsOf(first);
  return `    ${name})
      case $word in
        -*) COMPREPLY=($(compgen -W '${flags}' -- "$word")) ;;
        *) ${operand ? `[ $operands -gt 0 ] || COMPREPLY=($(compgen -W "${operand}" -- "$word"))` : ':'} ;;
      esac ;;`;
}
