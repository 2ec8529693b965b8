/**
 * What a server's state in its group means for capacity:
 * - `pending`: counted in desired, and on its way to serve
 * - `inService`: counted in desired, and serving
 * - `standby`: taken out by an operator; outside of desired, and not leaving
 * - `detaching`, `terminating`: on its way out, of the group or for good
 * - `warm`: in the warm pool, which desired does not count
 * - `gone`: in the list for a last moment, or kept for somebody to look into; counts for nothing
 */
export type Lifecycle = 'pending' | 'inService' | 'standby' | 'detaching' | 'terminating' | 'warm' | 'gone';

const exact: Readonly<Record<string, Lifecycle>> = {
  InService: 'inService',
  EnteringStandby: 'standby',
  Standby: 'standby',
  Detaching: 'detaching',
  Detached: 'gone',
  Terminated: 'gone',
  // Its termination hook was abandoned, and the group keeps it for an investigation: it stays until somebody acts.
  'Terminating:Retained': 'gone',
};

/**
 * The one place where states are told apart. A state that AWS adds later counts as `pending`: there, and not known to serve.
 * @param state AWS's own words: `Pending:Wait`, `Warmed:Stopped`…
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 */
export function lifecycleOf(state: string): Lifecycle {
  const known = exact[state];
  if (known) return known;
  if (state.startsWith('Terminating')) return 'terminating';
  return state.startsWith('Warmed:') ? 'warm' : 'pending';
}
