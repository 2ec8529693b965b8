/** AWS's status codes, as far as they apply to a change of desired capacity. */
export type ActivityStatus = 'PreInService' | 'InProgress' | 'Successful' | 'Failed' | 'Cancelled';
