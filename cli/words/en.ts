/** The command's own words for the state and the history of groups, in English; `zh.ts` and `ko.ts` have the same. */
export const englishWords = {
  /** For `Intl`: weekdays. */
  locale: 'en-GB',
  observe: 'OBSERVE: TOUCHES NOTHING',
  isItDeployed: 'Is the fleet deployed to this account and region? npx cdk deploy --all',
  isItThere:
    'Does it exist, by this name and in this place? The fleet file must name one that does; nothing is changed meanwhile.',
  notMet: 'The scaler has not met this group yet: the next sweep will.',
  nothing: 'nothing',
  noRows: 'Nothing.',

  // Sections of `explain`.
  whoAsks: 'Who asks for what',
  blockers: 'What holds it back',
  rules: 'What each rule says',
  compared: 'What would have been done, and what was',
  open: 'What is under way',
  itsServers: 'Its servers',

  // Layers and kinds of rules, beside their sentences.
  base: 'base',
  granted: 'granted',
  tracked: 'tracked',
  floor: 'floor',
  lifted: 'lifted',
  maximum: 'maximum',
  goal: 'goal',
  alarm: 'alarm',
  target: 'target',
  objective: 'objective',
  leader: 'leader',

  // Lines of `status`.
  now: 'now',
  would: 'would',
  was: 'was',
  servers: 'servers',
  layers: 'layers',
  paused: 'paused',
  lost: 'lost',
  windows: 'windows',
  alarms: 'alarms',
  forecast: 'forecast',
  last: 'last',

  // Columns of `history`.
  when: 'WHEN',
  status: 'STATUS',
  whatAndWhy: 'WHAT AND WHY',

  // Servers.
  pending: 'pending',
  unhealthy: 'unhealthy',
  leaving: 'leaving',
  standby: 'standby',
  protected: 'protected',
  held: 'held by a hook',
  andMore: (count: string): string => `and ${count} more`,

  missing: 'missing',
  /** An alarm's state, which is AWS's word. */
  since: (state: string, time: string): string => `${state} since ${time}`,
  openUntil: (window: string, effect: string, time: string): string => `${window} ${effect} until ${time}`,
  next: (event: string): string => `next: ${event}`,
  opens: (window: string, time: string): string => `${window} opens ${time}`,
  closes: (window: string, time: string): string => `${window} closes ${time}`,
  pausedBy: (owner: string, until: string | undefined, reason: string): string =>
    `by ${owner} ${until ? `until ${until}` : 'until resumed'} (${reason})`,
  where: (fleet: string, account: string, region: string, time: string): string =>
    `${fleet} in ${account}, ${region}; ${time}`,
  desired: (count: string): string => `${count} desired`,
  inService: (count: string): string => `${count} in service`,
  bounds: (least: string, most: string): string => `${least} to ${most}`,
  unread: (group: string, why: string): string => `${group} cannot be read: ${why}`,
};

export type CommandWords = typeof englishWords;
