/** What people write for what is called otherwise here; without case, hyphens, underscores and blanks. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  '>': ['GreaterThanThreshold'],
  '>=': ['GreaterThanOrEqualToThreshold'],
  '<': ['LessThanThreshold'],
  '<=': ['LessThanOrEqualToThreshold'],
  gt: ['GreaterThanThreshold'],
  gte: ['GreaterThanOrEqualToThreshold'],
  lt: ['LessThanThreshold'],
  lte: ['LessThanOrEqualToThreshold'],
  above: ['GreaterThanThreshold'],
  below: ['LessThanThreshold'],
  cpuutilization: ['cpu'],
  mem: ['memory'],
  memoryutilization: ['memory'],
  memusedpercent: ['memory'],
  diskusedpercent: ['disk'],
  qps: ['requestsPerSecond'],
  rps: ['requestsPerSecond'],
  requests: ['requestsPerSecond'],
  requestcount: ['requestsPerSecond'],
  requestcountpertarget: ['requestsPerTarget'],
  latency: ['responseTime'],
  targetresponsetime: ['responseTime'],
  desired: ['initialCapacity'],
  desiredcapacity: ['initialCapacity'],
  desiredsize: ['initialCapacity'],
  replicas: ['initialCapacity'],
  min: ['minSize'],
  mincapacity: ['minSize'],
  minreplicas: ['minSize'],
  max: ['maxSize'],
  maxcapacity: ['maxSize'],
  maxreplicas: ['maxSize'],
  ami: ['imageId'],
  image: ['imageId'],
  type: ['instanceType'],
  tz: ['timeZone'],
  cron: ['start'],
  windows: ['schedules'],
  rules: ['alarms'],
  operator: ['comparisonOperator'],
  comparison: ['comparisonOperator'],
  env: ['environment'],
  userdatafile: ['userData'],
  elb: ['loadBalancer'],
  alb: ['loadBalancer'],
  vpc: ['vpcId'],
  public: ['internet-facing'],
  internet: ['internet-facing'],
  private: ['internal'],
  avg: ['Average'],
  mean: ['Average'],
  dryrun: ['observe'],
};

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/**
 * What somebody may have meant: another name for it, the same but for case and hyphens, the same but for a few letters, or
 * the only one that begins or ends like it.
 * @returns undefined when nothing is near
 */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const wanted = plain(word);
  const other = otherNames[wanted]?.find((name) => known.includes(name));
  if (other !== undefined) return other;
  const same = known.find((name) => plain(name) === wanted);
  if (same !== undefined) return same;
  const most = Math.min(3, Math.ceil(wanted.length / 4));
  const near = known
    .map((name) => ({ name, far: distance(wanted, plain(name), most) }))
    .filter(({ far }) => far <= most)
    .toSorted((one, two) => one.far - two.far)[0];
  if (near) return near.name;
  if (wanted.length < 4) return undefined;
  const akin = known.filter((name) => plain(name).startsWith(wanted) || plain(name).endsWith(wanted));
  return akin.length === 1 ? akin[0] : undefined;
}

/** Letters that are missing, added, changed or swapped with their neighbours; beyond `most` it is only known to be more. */
function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [beforeLast, last]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const changed = last![column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1);
      let least = Math.min(changed, last![column]! + 1, now[column - 1]! + 1);
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, beforeLast![column - 2]! + 1);
      now.push(least);
    }
    [beforeLast, last] = [last, now];
  }
  return last!.at(-1)!;
}
