import { memoryPorts } from '../../shared/providers/memory/ports.ts';
import { start, type UnderTest } from './implementation.ts';

export async function memory(): Promise<UnderTest> {
  let refused = false;
  let servers = 0;
  const ports = memoryPorts(start, {
    launch: () =>
      refused
        ? { fails: 'capacity', message: 'InsufficientInstanceCapacity: none left' }
        : { inServiceAfterSeconds: 20, healthyAfterSeconds: 90 },
    terminationSeconds: () => 60,
  });
  return {
    ports,
    series: {
      latest: async (queries, at) =>
        new Map(queries.map((query) => [query.id, ports.metrics.newest(query, at)])),
      history: async (queries, from, to) => queries.map((query) => ports.metrics.periods(query, from, to)),
    },
    now: () => ports.clock.now(),
    advance: async (seconds) => ports.clock.advance(seconds),
    makeGroup: async ({ name, loadBalancer, ...sizes }) => {
      const targetGroups = loadBalancer ? [`arn:aws:elasticloadbalancing:r:1:targetgroup/${name}/1`] : [];
      for (const arn of targetGroups) {
        ports.groups.putLoadBalancer(arn, `arn:aws:elasticloadbalancing:r:1:loadbalancer/app/${name}/1`);
      }
      ports.groups.put({ name, ...sizes, servers: [], suspended: [], trafficSources: targetGroups });
    },
    suspend: async (name, process) => ports.groups.put({ ...ports.groups.get(name), suspended: [process] }),
    makeServer: async () => `i-${(++servers).toString(16).padStart(17, 'a')}`,
    refuseLaunches: () => {
      refused = true;
    },
    kill: async (group, server) => ports.groups.lose(group, server, 'terminated'),
    makeAlarm: async (name) => ports.alarms.set(name, 'INSUFFICIENT_DATA', ports.clock.now()),
    setAlarm: async (name, value) => ports.alarms.set(name, value, ports.clock.now()),
    putMetric: async (query, at, value) => ports.metrics.put(query, at, value),
    events: async () =>
      ports.events.published.flatMap(({ group, activity }) =>
        activity ? [{ version: '1', fleet: 'lunch', group, activity }] : [],
      ),
    mails: async () => ports.events.mails.map(({ subject }) => subject),
    [Symbol.asyncDispose]: async () => {},
  };
}
