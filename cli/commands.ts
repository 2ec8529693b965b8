import type { CommandEntry } from './command-entry.ts';

const before = 'Before a deploy:';
const here = 'On this machine:';
const look = 'Look:';
const act = 'Act:';
const care = 'Take care:';

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a fleet file and a CDK app to begin with',
    heading: here,
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'take-over',
    summary: 'write a fleet file from scaling groups that exist',
    heading: here,
    load: () => import('./commands/take-over.ts'),
  },
  {
    name: 'start',
    summary: "play the fleet's day on a cloud on this machine, with the console",
    heading: here,
    load: () => import('./commands/start.ts'),
  },
  {
    name: 'local',
    summary: 'start the local cloud, in real time, for any AWS client',
    heading: here,
    load: () => import('./commands/local.ts'),
  },
  {
    name: 'validate',
    summary: 'check the fleet file, with every mistake at once',
    heading: before,
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'plan',
    summary: 'show day by day what the windows will do',
    heading: before,
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'diff',
    summary: 'say in words what a deploy changes',
    heading: before,
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'synth',
    summary: 'write CloudFormation templates for a deploy without CDK',
    heading: before,
    load: () => import('./commands/synth.ts'),
  },
  {
    name: 'kubernetes',
    summary: 'print what clusters are to be told: roles for the functions, or what KEDA follows',
    heading: before,
    load: () => import('./commands/kubernetes.ts'),
  },
  {
    name: 'simulate',
    summary: 'play the fleet file over a load: servers, unserved demand, money',
    heading: before,
    load: () => import('./commands/simulate.ts'),
  },
  {
    name: 'tune',
    summary: 'search a history for the cheapest policy that keeps a promise',
    heading: before,
    load: () => import('./commands/tune.ts'),
  },
  {
    name: 'bench',
    summary: "run the benchmarks: other autoscalers' policies beside ours",
    heading: before,
    load: () => import('./commands/bench.ts'),
  },
  {
    name: 'status',
    summary: 'show each group, its layers, windows, alarms and last activity',
    heading: look,
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'history',
    summary: 'list what was done to a group, and why',
    heading: look,
    load: () => import('./commands/history.ts'),
  },
  {
    name: 'logs',
    summary: 'show what the functions have logged about a group',
    heading: look,
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'explain',
    summary: 'say why a group has as many servers as it has',
    heading: look,
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'console',
    summary: 'serve the page that shows all of it, and lets you act',
    heading: look,
    load: () => import('./commands/console.ts'),
  },
  {
    name: 'bump',
    summary: 'add servers or take some away, for a while or for good',
    heading: act,
    load: () => import('./commands/bump.ts'),
  },
  {
    name: 'set',
    summary: 'set how many servers a group has',
    heading: act,
    load: () => import('./commands/set.ts'),
  },
  {
    name: 'pause',
    summary: 'let nothing change a group',
    heading: act,
    load: () => import('./commands/pause.ts'),
  },
  {
    name: 'resume',
    summary: 'end a pause',
    heading: act,
    load: () => import('./commands/resume.ts'),
  },
  {
    name: 'undo',
    summary: 'take back the last change by hand',
    heading: act,
    load: () => import('./commands/undo.ts'),
  },
  {
    name: 'adopt',
    summary: 'attach running servers to a group and protect them',
    heading: act,
    load: () => import('./commands/adopt.ts'),
  },
  {
    name: 'verify',
    summary: 'prove that a group can grow, by one server that is given back',
    heading: care,
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'doctor',
    summary: 'check account, deployment and fleet file against each other',
    heading: care,
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'image',
    summary: 'make an image of a running server for the fleet file',
    heading: care,
    load: () => import('./commands/image.ts'),
  },
  {
    name: 'redrive',
    summary: 'hand failed events to their functions once more',
    heading: care,
    load: () => import('./commands/redrive.ts'),
  },
  {
    name: 'load',
    summary: 'load a deployed service, to watch its fleet grow',
    heading: care,
    load: () => import('./commands/load.ts'),
  },
  {
    name: 'remove',
    summary: 'take the fleet away, and give groups their own rules back',
    heading: care,
    load: () => import('./commands/remove.ts'),
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands, options and groups',
    heading: care,
    load: () => import('./commands/completion.ts'),
  },
];
