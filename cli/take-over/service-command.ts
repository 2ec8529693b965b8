import type { EcsService } from '../../shared/fleet/ecs.ts';

/** What puts Application Auto Scaling's rules of a service to sleep, or wakes them, at once. */
export function sleepOrWake(what: 'sleep' | 'wake', service: EcsService): string {
  const state = ['DynamicScalingIn', 'DynamicScalingOut', 'ScheduledScaling']
    .map((each) => `${each}Suspended=${what === 'sleep'}`)
    .join(',');
  return `${commandOf('register-scalable-target', service)} --suspended-state ${state}`;
}

/** Its policies and scheduled actions go with it. */
export function forget(service: EcsService): string {
  return commandOf('deregister-scalable-target', service);
}

function commandOf(command: string, { region, cluster, service }: EcsService): string {
  const there = region === undefined ? '' : ` --region ${region}`;
  return `aws application-autoscaling ${command}${there} --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${cluster}/${service}`;
}
