import { hpas, podMetrics, pods, type ResourceType } from './resource-types.ts';

/** Where a request goes. */
export interface Place {
  readonly type: ResourceType;
  /** '': all of them. */
  readonly namespace: string;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/**
 * `/apis/GROUP/VERSION/namespaces/NS/PLURAL/NAME/SUBRESOURCE`, or `/api/v1/…` of the core group.
 * @returns undefined: there is nothing
 */
export function placeOf(path: string, workloadTypes: readonly ResourceType[]): Place | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return undefined;
  const group = isCore ? '' : parts[1];
  const rest = parts.slice(isCore ? 1 : 2);
  const version = rest.shift();
  let namespace = '';
  if (rest[0] === 'namespaces' && rest.length > 2) [, namespace = ''] = rest.splice(0, 2);
  const [plural, name, subresource, ...more] = rest;
  if (more.length > 0) return undefined;
  const type = typesOf(workloadTypes).find(
    (one) => one.group === group && one.version === version && one.plural === plural,
  );
  if (!type || (subresource !== undefined && !isSubresource(type, subresource))) return undefined;
  return { type, namespace, name, subresource };
}

export function typesOf(workloadTypes: readonly ResourceType[]): ResourceType[] {
  return [...workloadTypes, pods, hpas, podMetrics];
}

function isSubresource({ hasScale }: ResourceType, name: string): boolean {
  return name === 'status' || (name === 'scale' && hasScale);
}
