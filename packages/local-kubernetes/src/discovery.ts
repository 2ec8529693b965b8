import { typesOf } from './path.ts';
import type { ResourceType } from './resource-types.ts';

const verbs = ['get', 'list', 'patch', 'update', 'delete'];

/**
 * What a client asks to learn what there is.
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 * @returns undefined: the path is none of those
 */
export function discover(path: string, workloadTypes: readonly ResourceType[]): unknown {
  const all = typesOf(workloadTypes);
  if (path === '/version')
    return { major: '1', minor: '34', gitVersion: 'v1.34.0-local', platform: 'local/loopback' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(all) };
  const [, group, version] = /^\/apis\/([\w.-]+)\/(\w+)$/.exec(path) ?? [];
  if (path === '/api/v1')
    return resourceList(
      'v1',
      all.filter((type) => type.group === ''),
    );
  if (group === undefined) return undefined;
  const some = all.filter((type) => type.group === group && type.version === version);
  return some.length === 0 ? undefined : resourceList(`${group}/${version}`, some);
}

function groupsOf(all: readonly ResourceType[]) {
  return [...Map.groupBy(all, ({ group }) => group)]
    .filter(([group]) => group !== '')
    .map(([name, types]) => {
      const versions = [...new Set(types.map(({ version }) => version))];
      const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
      return { name, versions: listed, preferredVersion: listed[0] };
    });
}

function resourceList(groupVersion: string, types: readonly ResourceType[]) {
  const resources = types.flatMap(({ plural, kind, shortNames, hasScale, group }) => {
    const reads = group === 'metrics.k8s.io';
    const one = {
      name: plural,
      singularName: kind.toLowerCase(),
      namespaced: true,
      kind,
      verbs: reads ? ['get', 'list'] : verbs,
      ...(shortNames.length > 0 && { shortNames, categories: ['all'] }),
    };
    const scale = {
      name: `${plural}/scale`,
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    };
    return hasScale ? [one, scale] : [one];
  });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}
