import type { CompletableCommand, CompletableOption, Follows } from './completable.ts';

/** The script that completes in zsh. */
export function zshScript(commands: readonly CompletableCommand[]): string {
  return `#compdef rushhour
# Completes rushhour in zsh: source <(rushhour completion zsh), after compinit
_rushhour_groups() {
  local -a groups
  groups=(\${(f)"$(rushhour completion groups 2>/dev/null)"})
  _describe 'group' groups
}
_rushhour() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${escaped(summary)}`)}`).join('\n')}
    'help:say how to use a command, with an example'
  )
  if ((CURRENT == 2)); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
    help) _describe 'command' commands ;;
${commands.map(branch).join('\n')}
  esac
}
compdef _rushhour rushhour`;
}

function branch({ name, options, first }: CompletableCommand): string {
  const operand = first === 'nothing' ? [] : [quoted(`1:operand:${actionOf(first)}`)];
  return `    ${name}) _arguments ${[...options.flatMap(specs), ...operand].join(' \\\n      ')} ;;`;
}

function specs({ long, short, description, follows }: CompletableOption): string[] {
  const argument = follows === 'nothing' ? '' : `:${long}:${actionOf(follows)}`;
  const names = [`--${long}`, ...(short ? [`-${short}`] : [])];
  return names.map((name) => quoted(`${name}[${escaped(description)}]${argument}`));
}

function actionOf(follows: Follows): string {
  if (typeof follows !== 'string') return `(${follows.join(' ')})`;
  if (follows === 'group') return '_rushhour_groups';
  return follows === 'file' ? '_files' : ' ';
}

/** Colons and brackets end a description. */
function escaped(text: string): string {
  return text.replaceAll(/[\\:[\]]/g, '\\$&');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
