/** What came to a group in a minute, and what became of it. */
export interface TrafficMinute {
  requests: number;
  unserved: number;
  /** Response times in seconds, and how many requests had each. */
  responseSeconds: { values: number[]; counts: number[] };
  /** Load ÷ capacity of the servers that serve, 1 at most; 1 when there is load and nobody serves. */
  utilization: number;
}

const baseSeconds = 0.04;
/** Nothing waits longer: clients give up. */
const longestSeconds = 5;
/** How much longer than the median the slower requests take, and how many are that slow. */
const spread = [
  { factor: 0.7, share: 0.5 },
  { factor: 1.2, share: 0.4 },
  { factor: 2.5, share: 0.08 },
  { factor: 5, share: 0.02 },
];

/**
 * Spreads a minute's requests evenly over the servers that a balancer sends them to. What comes to one that does not
 * answer is lost, and so is what is beyond the capacity of those that do. Response times follow the queue: they
 * double at half load and grow without bound towards full load.
 */
export function serve(
  requests: number,
  servers: number,
  answering: number,
  requestsPerSecondPerServer: number,
): TrafficMinute {
  const arriving = servers > 0 ? Math.round((requests * answering) / servers) : 0;
  const capacity = answering * requestsPerSecondPerServer * 60;
  const served = Math.min(arriving, Math.floor(capacity));
  const utilization = capacity > 0 ? Math.min(1, arriving / capacity) : Number(requests > 0);
  const median = Math.min(longestSeconds, baseSeconds / Math.max(0.005, 1 - utilization));
  const values = spread.map(({ factor }) => Math.min(longestSeconds, median * factor));
  const counts = spread.map(({ share }) => Math.round(served * share));
  const some = counts.some((count) => count > 0);
  return {
    requests,
    unserved: requests - served,
    responseSeconds: some ? { values, counts } : { values: [median], counts: [Math.max(1, served)] },
    utilization,
  };
}
