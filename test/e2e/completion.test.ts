import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { bashScript } from '../../cli/completion/bash.ts';
import { completableCommands } from '../../cli/completion/completable.ts';
import { fishScript } from '../../cli/completion/fish.ts';
import { zshScript } from '../../cli/completion/zsh.ts';

const all = await completableCommands(commands);

/** What bash would offer after these words, the last of which is being typed; groups are those of a stand-in for the command. */
function offered(...words: string[]): string[] {
  const typed = ['answer', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${bashScript(all)}
answer() { [ "$*" = 'completion groups' ] && printf 'business\\nsession\\n'; }
COMP_WORDS=(${typed}); COMP_CWORD=${words.length}
_rushhour; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
  return printed.split('\n').filter(Boolean);
}

describe('completion in bash', () => {
  it('offers every command', () => {
    expect(offered('')).toEqual([...commands.map(({ name }) => name), 'help']);
    expect(offered('expl')).toEqual(['explain']);
    expect(offered('help', 'stat')).toEqual(['status']);
  });

  it('offers the groups of the fleet file where a group is expected, and only there', () => {
    expect(offered('bump', '')).toEqual(['business', 'session']);
    expect(offered('bump', 'bu')).toEqual(['business']);
    expect(offered('bump', 'business', '')).toEqual([]);
    expect(offered('simulate', '--group', 's')).toEqual(['session']);
  });

  it('offers the options of the command, and what each may be', () => {
    expect(offered('bump', '--re')).toEqual(['--region', '--reason', '--request-id']);
    expect(offered('pause', 'business', '--direction', '')).toEqual(['both', 'out', 'in']);
  });

  it('leaves files to bash, and offers nothing for what nobody knows', () => {
    expect(offered('validate', '--fleet', '')).toEqual([]);
    expect(offered('bump', 'business', '+1', '--reason', '')).toEqual([]);
  });
});

it.each([
  ['zsh', zshScript(all), /^ {4}'status:show each group, its layers, windows, alarms and last activity'$/m],
  ['fish', fishScript(all), /^complete -c rushhour -n __fish_use_subcommand -a status -d 'show each/m],
])('%s is told every command, its options and where groups stand', (_shell, script, entry) => {
  expect(script).toMatch(entry);
  for (const { name, options } of all) {
    expect(script).toContain(name);
    for (const { long } of options) expect(script).toContain(long);
  }
  expect(script).toContain('rushhour completion groups');
});
