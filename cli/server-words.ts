import type { Lifecycle, Server } from '../shared/domain/observation.ts';

/** In the order in which a person wants to hear of them. */
const titles: Readonly<Record<Lifecycle, string>> = {
  ready: '',
  pending: 'pending: ',
  unhealthy: 'unhealthy: ',
  leaving: 'leaving: ',
  standby: 'standby: ',
};

/** A group's servers by their ids, those in service first: `i-0a1, i-0a2 (protected); pending: i-0a3`. */
export function serverWords(servers: readonly Server[], most = Number.POSITIVE_INFINITY): string {
  const byLifecycle = Map.groupBy(servers, ({ lifecycle }) => lifecycle);
  return (Object.keys(titles) as Lifecycle[])
    .flatMap((lifecycle) => {
      const some = byLifecycle.get(lifecycle) ?? [];
      if (some.length === 0) return [];
      const ids = some.slice(0, most).map((server) => `${server.id}${marks(server)}`);
      const others = some.length > most ? [`and ${some.length - most} more`] : [];
      return [`${titles[lifecycle]}${[...ids, ...others].join(', ')}`];
    })
    .join('; ');
}

function marks({ protectedFromScaleIn, held }: Server): string {
  const words = [...(protectedFromScaleIn ? ['protected'] : []), ...(held ? ['held by a hook'] : [])];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
