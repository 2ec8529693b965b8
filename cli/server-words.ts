import type { Lifecycle, Server } from '../shared/domain/observation.ts';
import { countIn } from './words/command-words.ts';
import type { CommandWords } from './words/en.ts';

/** In the order in which a person wants to hear of them. */
const lifecycles = ['ready', 'pending', 'unhealthy', 'leaving', 'standby'] as const satisfies Lifecycle[];

/** A group's servers by their ids, those in service first: `i-0a1, i-0a2 (protected); pending: i-0a3`. */
export function serverWords(
  servers: readonly Server[],
  words: CommandWords,
  most = Number.POSITIVE_INFINITY,
): string {
  const byLifecycle = Map.groupBy(servers, ({ lifecycle }) => lifecycle);
  return lifecycles
    .flatMap((lifecycle) => {
      const some = byLifecycle.get(lifecycle) ?? [];
      if (some.length === 0) return [];
      const ids = some.slice(0, most).map((server) => `${server.id}${marks(server, words)}`);
      const others = some.length > most ? [words.andMore(countIn(words, some.length - most))] : [];
      const title = lifecycle === 'ready' ? '' : `${words[lifecycle]}: `;
      return [`${title}${[...ids, ...others].join(', ')}`];
    })
    .join('; ');
}

function marks({ protectedFromScaleIn, held }: Server, words: CommandWords): string {
  const said = [...(protectedFromScaleIn ? [words.protected] : []), ...(held ? [words.held] : [])];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}
