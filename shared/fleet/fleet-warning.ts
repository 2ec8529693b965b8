/** What a fleet file may say, but probably does not mean. */
export interface FleetWarning {
  /** `groups.business.alarms.cpu-high.cooldown` */
  readonly path: string;
  readonly message: string;
}
