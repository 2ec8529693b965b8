/** What a function may do; each word is a set of IAM statements in `permissions.ts`. */
export type Permission = 'observe' | 'act' | 'remember' | 'recall' | 'tell' | 'mail' | 'learn' | 'release';

export interface FunctionFacts {
  readonly purpose: string;
  readonly permissions: readonly Permission[];
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Retries of a failed asynchronous invocation, and the age at which an event is given up. */
  readonly retries: number;
  readonly eventAgeSeconds: number;
}

const reconciler = {
  permissions: ['observe', 'act', 'remember', 'tell'],
  memoryMiB: 512,
  timeoutSeconds: 60,
  retries: 2,
  eventAgeSeconds: 3600,
} as const;

/** Every function of the scaler by its name: `functions/NAME.ts`, deployed as `FLEET-NAME`. */
export const functions: Readonly<Record<string, FunctionFacts>> = {
  'on-schedule': { ...reconciler, purpose: 'A window opens or closes' },
  'on-alarm': { ...reconciler, purpose: 'An alarm fires' },
  'on-instance-event': { ...reconciler, purpose: 'A server came, went, or failed to' },
  // The next sweep is the retry of this one: an old one would only look at the same truth twice.
  sweep: {
    ...reconciler,
    purpose: 'Every minute: what the events missed, and mail to people',
    permissions: [...reconciler.permissions, 'mail'],
    retries: 0,
    eventAgeSeconds: 60,
  },
  bump: { ...reconciler, purpose: 'A person adjusts, sets, pauses or resumes' },
  adopt: { ...reconciler, purpose: 'A person hands a running server over to its group' },
  history: {
    purpose: 'Activities of a group and the reasons for them',
    permissions: ['recall'],
    memoryMiB: 256,
    timeoutSeconds: 30,
    retries: 2,
    eventAgeSeconds: 3600,
  },
  learn: {
    purpose: 'Every hour: what the load and the launches of groups with an objective or a forecast teach',
    permissions: ['learn', 'recall'],
    // A model is learnt from two weeks of minutes at first: memory buys the processor for it.
    memoryMiB: 1024,
    timeoutSeconds: 300,
    retries: 2,
    eventAgeSeconds: 3600,
  },
  release: {
    purpose: 'A group is there, and may adopt servers; or is about to be deleted, and lets them go',
    permissions: ['release'],
    memoryMiB: 256,
    // Connections drain, for five minutes unless the fleet file says otherwise.
    timeoutSeconds: 900,
    retries: 2,
    eventAgeSeconds: 3600,
  },
};
