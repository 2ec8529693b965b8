import { alibaba } from './alibaba.ts';
import type { Elsewhere, Surroundings } from './elsewhere.ts';
import type { ProviderElsewhere } from './fleet-elsewhere.ts';
import { KubernetesElsewhere } from './kubernetes.ts';
import { ScalingGroupsElsewhere } from './scaling-groups-elsewhere.ts';
import { tencent } from './tencent.ts';
import { Wire } from './wire.ts';

type Around = Omit<Surroundings, 'wire'> & { readonly wait: (ms: number) => Promise<void> };

const kinds: Readonly<Record<ProviderElsewhere, (around: Surroundings) => Elsewhere>> = {
  kubernetes: (around) => new KubernetesElsewhere(around),
  tencent: (around) => new ScalingGroupsElsewhere(around, tencent),
  alibaba: (around) => new ScalingGroupsElsewhere(around, alibaba),
};

export function openElsewhere(provider: ProviderElsewhere, { wait, ...around }: Around): Elsewhere {
  return kinds[provider]({ ...around, wire: new Wire(around.now, wait) });
}
